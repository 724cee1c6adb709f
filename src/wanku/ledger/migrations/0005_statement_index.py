"""Statements read an account by time, and their sums from the index alone; built beside the running shop."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("ledger", "0004_freeze_days_proof")]
    operations = [
        AddIndexConcurrently(
            model_name="posting",
            index=models.Index(
                fields=["account", "at", "id"], include=("currency", "amount"), name="posting_statement"
            ),
        ),
        RemoveIndexConcurrently(model_name="posting", name="posting_account"),
    ]
