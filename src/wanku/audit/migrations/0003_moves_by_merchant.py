"""What happened at a merchant's desk, newest first; built beside the running shop."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0002_append_only")]
    operations = [
        AddIndexConcurrently(
            model_name="move",
            index=models.Index(
                condition=models.Q(("merchant_id__isnull", False), models.Q(("event", "place"), _negated=True)),
                fields=["merchant_id", "id"],
                name="move_merchant",
            ),
        ),
    ]
