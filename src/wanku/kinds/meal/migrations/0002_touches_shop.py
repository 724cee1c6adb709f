"""A menu, hours, zones and tables are part of what a shop offers."""

from django.db import migrations

TABLES = ("kitchen", "opening", "specialday", "zone", "table", "section", "dish", "group", "option")
FORWARDS = "".join(
    f"""
CREATE TRIGGER meal_{table}_touches_shop AFTER INSERT OR DELETE ON meal_{table}
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER meal_{table}_change_touches_shop AFTER UPDATE ON meal_{table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION wanku_touch_shop();
"""
    for table in TABLES
)
BACKWARDS = "".join(
    f"""
DROP TRIGGER meal_{table}_touches_shop ON meal_{table};
DROP TRIGGER meal_{table}_change_touches_shop ON meal_{table};
"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("meal", "0001_initial"), ("catalog", "0005_shop_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
