"""Houses, rooms, rates and prices are part of what a shop offers: whoever keeps a copy is told of every change."""

from django.db import migrations

FORWARDS = """
-- A calendar is painted in hundreds of nights at once: one change of the version for the statement.
CREATE FUNCTION stay_nights_touch_shops() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM wanku_shop_changed(merchant_id) FROM
        (SELECT DISTINCT merchant_id FROM changed ORDER BY merchant_id) shops;
    RETURN NULL;
END $$;
CREATE TRIGGER stay_property_touches_shop AFTER INSERT OR UPDATE OR DELETE ON stay_property
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER stay_room_touches_shop AFTER INSERT OR UPDATE OR DELETE ON stay_roomtype
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER stay_rate_touches_shop AFTER INSERT OR UPDATE OR DELETE ON stay_rate
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER stay_season_touches_shop AFTER INSERT OR UPDATE OR DELETE ON stay_season
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER stay_nights_touch_shop_when_made AFTER INSERT ON stay_night
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stay_nights_touch_shops();
CREATE TRIGGER stay_nights_touch_shop_when_changed AFTER UPDATE ON stay_night
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stay_nights_touch_shops();
CREATE TRIGGER stay_nights_touch_shop_when_gone AFTER DELETE ON stay_night
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION stay_nights_touch_shops();
"""
BACKWARDS = """
DROP TRIGGER stay_nights_touch_shop_when_gone ON stay_night;
DROP TRIGGER stay_nights_touch_shop_when_changed ON stay_night;
DROP TRIGGER stay_nights_touch_shop_when_made ON stay_night;
DROP TRIGGER stay_season_touches_shop ON stay_season;
DROP TRIGGER stay_rate_touches_shop ON stay_rate;
DROP TRIGGER stay_room_touches_shop ON stay_roomtype;
DROP TRIGGER stay_property_touches_shop ON stay_property;
DROP FUNCTION stay_nights_touch_shops();
"""


class Migration(migrations.Migration):
    dependencies = [("stay", "0001_initial"), ("catalog", "0005_shop_versions")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
