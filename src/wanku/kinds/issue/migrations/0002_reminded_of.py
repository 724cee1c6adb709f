from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issue", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="licence",
            name="reminded_of",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="licence",
            index=models.Index(
                condition=models.Q(("expires_at__isnull", False), ("state", "issued")),
                fields=["expires_at"],
                name="issue_ends",
            ),
        ),
    ]
