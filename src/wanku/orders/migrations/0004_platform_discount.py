"""What the platform adds to an order because it bears a discount; a constant default, so that no row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_refund_parts")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="order",
            name="platform_discount",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
