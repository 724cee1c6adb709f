"""Departures, cabins and terms are part of what a shop offers: whoever keeps a copy is told of every change."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER seat_terms_touch_shop AFTER INSERT OR UPDATE OR DELETE ON seat_seatterms
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER departure_touches_shop AFTER INSERT OR UPDATE OR DELETE ON seat_departure
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER cabin_touches_shop AFTER INSERT OR UPDATE OR DELETE ON seat_cabin
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop('seat_departure', 'departure_id');
"""
BACKWARDS = """
DROP TRIGGER cabin_touches_shop ON seat_cabin;
DROP TRIGGER departure_touches_shop ON seat_departure;
DROP TRIGGER seat_terms_touch_shop ON seat_seatterms;
"""


class Migration(migrations.Migration):
    dependencies = [("seat", "0001_initial"), ("catalog", "0005_shop_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
