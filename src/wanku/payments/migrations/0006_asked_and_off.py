from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0005_refunds_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="asked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="channelaccount",
            name="off_at",
            field=models.DateTimeField(null=True),
        ),
    ]
