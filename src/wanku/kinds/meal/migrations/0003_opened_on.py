"""Until which day the counters of a kitchen were looked at."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meal", "0002_touches_shop")]
    operations = [
        migrations.AddField(model_name="kitchen", name="opened_on", field=models.DateField(null=True)),
        migrations.AddIndex(model_name="kitchen", index=models.Index(fields=["opened_on"], name="kitchen_opened_on")),
    ]
