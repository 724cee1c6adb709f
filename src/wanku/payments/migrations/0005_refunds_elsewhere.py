from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0004_bank_transfers"),
    ]

    operations = [
        migrations.AddField(
            model_name="banktransfer",
            name="note",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("succeeded_at__isnull", False)), fields=["succeeded_at"], name="refund_arrived"
            ),
        ),
    ]
