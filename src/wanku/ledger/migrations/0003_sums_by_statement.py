"""The sum of every entry is checked once for each statement that inserts postings, and no longer once for each row.

All postings of an entry are inserted by one statement, and postings never change: if each statement leaves every
entry that it touches at zero, every entry is at zero. So looking at the new rows is enough, whatever their number.
"""

from django.db import migrations

FORWARDS = """
SET LOCAL lock_timeout = '5s';
DROP TRIGGER posting_sums_to_zero ON ledger_posting;
DROP FUNCTION wanku_entry_balances();

CREATE FUNCTION wanku_entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong uuid;
BEGIN
    SELECT entry_id INTO wrong FROM posted GROUP BY entry_id, currency HAVING sum(amount) <> 0 LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero', wrong USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER postings_sum_to_zero AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION wanku_entries_balance();
"""
BACKWARDS = """
DROP TRIGGER postings_sum_to_zero ON ledger_posting;
DROP FUNCTION wanku_entries_balance();

CREATE FUNCTION wanku_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_posting WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger entry % does not sum to zero', NEW.entry_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_sums_to_zero AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wanku_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_proof")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
