"""The database itself keeps the ledger: append-only, every entry sums to zero per currency."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION wanku_append_only();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION wanku_append_only();

CREATE FUNCTION wanku_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_posting WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
-- Deferred: the postings of an entry arrive one after another, the sum counts at commit.
CREATE CONSTRAINT TRIGGER posting_sums_to_zero AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wanku_entry_balances();
"""
BACKWARDS = """
DROP TRIGGER posting_sums_to_zero ON ledger_posting;
DROP FUNCTION wanku_entry_balances();
DROP TRIGGER posting_append_only ON ledger_posting;
DROP TRIGGER entry_append_only ON ledger_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
