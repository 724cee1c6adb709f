"""Destinations can be hidden; pages of houses say their names, so whoever keeps a copy is told of a change."""

from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION stay_place_touches_shops() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM wanku_shop_changed(merchant_id) FROM
        (SELECT DISTINCT merchant_id FROM stay_property WHERE place_id = NEW.id ORDER BY merchant_id) shops;
    RETURN NULL;
END $$;
CREATE TRIGGER stay_place_touches_shops AFTER UPDATE ON stay_place
    FOR EACH ROW EXECUTE FUNCTION stay_place_touches_shops();
"""
BACKWARDS = """
DROP TRIGGER stay_place_touches_shops ON stay_place;
DROP FUNCTION stay_place_touches_shops();
"""


class Migration(migrations.Migration):
    dependencies = [("stay", "0003_opened_at")]
    operations = [
        migrations.AddField(
            model_name="place", name="is_hidden", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AlterField(model_name="place", name="names", field=models.JSONField(blank=True, default=dict)),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
