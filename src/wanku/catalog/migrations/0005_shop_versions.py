"""The version of each shop's catalogue, kept by the database itself so that no writer can forget it."""

import django.db.models.deletion
from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION wanku_shop_changed(shop bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO catalog_shopversion (merchant_id, version) VALUES (shop, 1)
    ON CONFLICT (merchant_id) DO UPDATE SET version = catalog_shopversion.version + 1
$$;
-- For tables with a merchant of their own, or (argument: table and column) with an owner that has one.
CREATE FUNCTION wanku_touch_shop() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
    shop bigint;
BEGIN
    IF TG_NARGS = 0 THEN
        shop := changed ->> 'merchant_id';
    ELSE
        EXECUTE format('SELECT merchant_id FROM %I WHERE id = $1', TG_ARGV[0])
            INTO shop USING (changed ->> TG_ARGV[1])::bigint;
    END IF;
    IF shop IS NOT NULL THEN
        PERFORM wanku_shop_changed(shop);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION wanku_touch_own_shop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM wanku_shop_changed(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION wanku_touch_all_shops() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM wanku_shop_changed(id) FROM (SELECT id FROM merchants_merchant ORDER BY id) shops;
    RETURN NULL;
END $$;

CREATE TRIGGER variant_touches_shop AFTER INSERT OR DELETE ON catalog_variant
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER variant_change_touches_shop AFTER UPDATE ON catalog_variant
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER product_touches_shop AFTER INSERT OR DELETE ON catalog_product
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop();
-- Scores, sales counts and search words change without a change of what is offered.
CREATE TRIGGER product_change_touches_shop AFTER UPDATE ON catalog_product
    FOR EACH ROW WHEN (OLD.updated_at IS DISTINCT FROM NEW.updated_at OR OLD.state IS DISTINCT FROM NEW.state
        OR OLD.title IS DISTINCT FROM NEW.title OR OLD.slug IS DISTINCT FROM NEW.slug
        OR OLD.category_id IS DISTINCT FROM NEW.category_id OR OLD.kind IS DISTINCT FROM NEW.kind
        OR OLD.options IS DISTINCT FROM NEW.options OR OLD.currency IS DISTINCT FROM NEW.currency
        OR OLD.ship_within_hours IS DISTINCT FROM NEW.ship_within_hours
        OR OLD.arrives_days_min IS DISTINCT FROM NEW.arrives_days_min
        OR OLD.arrives_days_max IS DISTINCT FROM NEW.arrives_days_max
        OR OLD.return_rule IS DISTINCT FROM NEW.return_rule OR OLD.return_days IS DISTINCT FROM NEW.return_days
        OR OLD.limit_per_order IS DISTINCT FROM NEW.limit_per_order
        OR OLD.limit_per_person IS DISTINCT FROM NEW.limit_per_person
        OR OLD.waiting_room IS DISTINCT FROM NEW.waiting_room)
    EXECUTE FUNCTION wanku_touch_shop();
CREATE TRIGGER addon_touches_shop AFTER INSERT OR UPDATE OR DELETE ON catalog_addon
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop('catalog_product', 'product_id');
CREATE TRIGGER picture_touches_shop AFTER INSERT OR UPDATE OR DELETE ON catalog_productpicture
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_shop('catalog_product', 'product_id');
CREATE TRIGGER merchant_change_touches_shop AFTER UPDATE ON merchants_merchant
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION wanku_touch_own_shop();
CREATE TRIGGER category_touches_shops AFTER INSERT OR DELETE ON catalog_category
    FOR EACH ROW EXECUTE FUNCTION wanku_touch_all_shops();
CREATE TRIGGER category_change_touches_shops AFTER UPDATE ON catalog_category
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION wanku_touch_all_shops();
"""
BACKWARDS = """
DROP TRIGGER category_touches_shops ON catalog_category;
DROP TRIGGER category_change_touches_shops ON catalog_category;
DROP TRIGGER merchant_change_touches_shop ON merchants_merchant;
DROP TRIGGER picture_touches_shop ON catalog_productpicture;
DROP TRIGGER addon_touches_shop ON catalog_addon;
DROP TRIGGER product_change_touches_shop ON catalog_product;
DROP TRIGGER product_touches_shop ON catalog_product;
DROP TRIGGER variant_change_touches_shop ON catalog_variant;
DROP TRIGGER variant_touches_shop ON catalog_variant;
DROP FUNCTION wanku_touch_all_shops();
DROP FUNCTION wanku_touch_own_shop();
DROP FUNCTION wanku_touch_shop();
DROP FUNCTION wanku_shop_changed(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_limit_per_person_and_waiting_room"), ("merchants", "0002_invitation_letter")]
    operations = [
        migrations.CreateModel(
            name="ShopVersion",
            fields=[
                (
                    "merchant",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="merchants.merchant",
                    ),
                ),
                ("version", models.BigIntegerField(default=0)),
            ],
            options={"verbose_name": "version of a shop's catalogue"},
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
