"""Moves, acts and rule versions are never rewritten; only ``sent_at`` of a move may be set."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION wanku_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER act_append_only BEFORE UPDATE OR DELETE ON audit_act
    FOR EACH ROW EXECUTE FUNCTION wanku_append_only();
CREATE TRIGGER rule_append_only BEFORE UPDATE OR DELETE ON audit_ruleversion
    FOR EACH ROW EXECUTE FUNCTION wanku_append_only();
CREATE TRIGGER move_append_only BEFORE DELETE ON audit_move
    FOR EACH ROW EXECUTE FUNCTION wanku_append_only();
CREATE TRIGGER move_only_sent BEFORE UPDATE ON audit_move
    FOR EACH ROW WHEN (
        (to_jsonb(OLD) - 'sent_at') IS DISTINCT FROM (to_jsonb(NEW) - 'sent_at')
    ) EXECUTE FUNCTION wanku_append_only();
"""
BACKWARDS = """
DROP TRIGGER move_only_sent ON audit_move;
DROP TRIGGER move_append_only ON audit_move;
DROP TRIGGER rule_append_only ON audit_ruleversion;
DROP TRIGGER act_append_only ON audit_act;
DROP FUNCTION wanku_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
