"""What can be booked is part of what a shop offers: its changes raise the shop's version."""

from django.db import migrations

OWN = ("service", "item", "longer", "worker", "absence", "area")
OF_WORKER = ("skill", "weekhours", "specialday")
FORWARDS = "".join(
    f"CREATE TRIGGER visit_{table}_touches_shop AFTER INSERT OR UPDATE OR DELETE ON visit_{table}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop({arguments});\n"
    for tables, arguments in ((OWN, ""), (OF_WORKER, "'visit_worker', 'worker_id'"))
    for table in tables
)
BACKWARDS = "".join(f"DROP TRIGGER visit_{table}_touches_shop ON visit_{table};\n" for table in (*OWN, *OF_WORKER))


class Migration(migrations.Migration):
    dependencies = [("visit", "0001_initial"), ("catalog", "0005_shop_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
