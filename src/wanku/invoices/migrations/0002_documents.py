"""An issued document is never changed: the database itself refuses."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER document_append_only BEFORE UPDATE OR DELETE ON invoices_document
    FOR EACH ROW EXECUTE FUNCTION wanku_append_only();
"""
BACKWARDS = "DROP TRIGGER document_append_only ON invoices_document;"


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
