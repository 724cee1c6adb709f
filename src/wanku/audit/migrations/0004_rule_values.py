"""Rules are durations and limits: what a row holds is a value."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_moves_by_merchant")]
    operations = [
        migrations.RemoveConstraint(model_name="ruleversion", name="rule_seconds_not_negative"),
        migrations.RenameField(model_name="ruleversion", old_name="seconds", new_name="value"),
        migrations.AddConstraint(
            model_name="ruleversion",
            constraint=models.CheckConstraint(condition=models.Q(value__gte=0), name="rule_value_not_negative"),
        ),
    ]
