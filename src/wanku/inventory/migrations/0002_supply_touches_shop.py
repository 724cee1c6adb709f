"""A new counter makes its variant buyable: part of what a shop offers."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER supply_touches_shop AFTER INSERT OR DELETE ON inventory_supply
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
"""
BACKWARDS = "DROP TRIGGER supply_touches_shop ON inventory_supply;"


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("catalog", "0005_shop_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
