"""What one person closed alone on a day is found by person and time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="financecase",
            index=models.Index(
                fields=["resolved_by", "resolved_at"],
                name="finance_case_closed_alone",
                condition=models.Q(resolved_by__isnull=False, proposed_by__isnull=True),
            ),
        ),
    ]
