"""Freight is part of what a shop offers: its changes raise the shop's version too."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER freight_touches_shop AFTER INSERT OR UPDATE OR DELETE ON pricing_freighttemplate
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER rate_touches_shop AFTER INSERT OR UPDATE OR DELETE ON pricing_freightrate
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop('pricing_freighttemplate', 'template_id');
"""
BACKWARDS = """
DROP TRIGGER rate_touches_shop ON pricing_freightrate;
DROP TRIGGER freight_touches_shop ON pricing_freighttemplate;
"""


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial"), ("catalog", "0005_shop_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
