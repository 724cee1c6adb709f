from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stay", "0002_touches_shop")]
    operations = [
        migrations.AddField(model_name="property", name="opened_at", field=models.DateTimeField(null=True)),
    ]
