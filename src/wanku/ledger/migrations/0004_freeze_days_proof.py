"""Totals by day, freezes and proofs; entries and postings cannot be emptied either."""

import django.db.models.deletion
from django.db import migrations, models

import wanku.kernel.ids

FORWARDS = """
SET LOCAL lock_timeout = '5s';
CREATE TRIGGER entry_never_emptied BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION wanku_append_only();
CREATE TRIGGER posting_never_emptied BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION wanku_append_only();
"""
BACKWARDS = """
DROP TRIGGER posting_never_emptied ON ledger_posting;
DROP TRIGGER entry_never_emptied ON ledger_entry;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_sums_by_statement"),
        ("merchants", "0002_invitation_letter"),
    ]

    operations = [
        migrations.RunSQL(FORWARDS, BACKWARDS),
        migrations.CreateModel(
            name="DayTotal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("day", models.DateField()),
                ("incoming", models.BigIntegerField()),
                ("outgoing", models.BigIntegerField()),
                ("postings", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="day_total_day")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "currency", "day"), include=("incoming", "outgoing"), name="day_total_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("incoming__gte", 0), ("outgoing__gte", 0), ("postings__gt", 0)),
                        name="day_total_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("state", models.CharField(max_length=24)),
                ("due_at", models.DateTimeField(null=True)),
                ("id", models.UUIDField(default=wanku.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("order_id", models.UUIDField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.BigIntegerField()),
                ("because", models.CharField(max_length=500)),
                ("by", models.BigIntegerField(null=True)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_because", models.CharField(blank=True, max_length=500)),
                ("ended_by", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "freeze",
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("checks", models.JSONField(default=list)),
                ("sound", models.BooleanField(null=True)),
            ],
            options={
                "verbose_name": "proof of the books",
                "indexes": [models.Index(fields=["-asked_at"], name="proof_latest")],
            },
        ),
        migrations.AddField(
            model_name="freeze",
            name="merchant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant"
            ),
        ),
        migrations.AddIndex(
            model_name="freeze",
            index=models.Index(fields=["merchant", "-since"], name="freeze_merchant"),
        ),
        migrations.AddIndex(
            model_name="freeze",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="freeze_due"),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="freeze_amount_positive"),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["frozen", "ended"])), name="freeze_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.UniqueConstraint(
                condition=models.Q(("order_id__isnull", False), ("state", "frozen")),
                fields=("order_id",),
                name="freeze_once_per_order",
            ),
        ),
    ]
