import django.db.models.deletion
from django.db import migrations, models

import wanku.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0001_initial"),
        ("orders", "0005_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("state", models.CharField(max_length=24)),
                ("due_at", models.DateTimeField(null=True)),
                ("id", models.UUIDField(default=wanku.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("merchant_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("starts_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("zone", models.CharField(max_length=40)),
                ("code", models.CharField(max_length=12)),
                ("begun_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("proof", models.JSONField(db_default=[], default=list)),
                ("rescheduled", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="booking", to="orders.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "booking",
                "indexes": [
                    models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="booking_due"),
                    models.Index(fields=["merchant_id", "starts_at"], name="booking_desk"),
                    models.Index(
                        condition=models.Q(("reminded_at", None), ("state__in", ["to_accept", "accepted"])),
                        fields=["starts_at"],
                        name="booking_to_remind",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant_id", "code"), name="booking_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "to_accept",
                                    "accepted",
                                    "rejected",
                                    "cancelled",
                                    "under_way",
                                    "started",
                                    "done",
                                    "no_show",
                                ],
                            )
                        ),
                        name="booking_state",
                    ),
                ],
            },
        ),
    ]
