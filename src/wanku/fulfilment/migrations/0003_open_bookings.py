from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0002_booking"),
        ("orders", "0005_kinds"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state__in", ["to_accept", "accepted", "under_way", "started"])),
                fields=["merchant_id", "state"],
                name="booking_open",
            ),
        ),
    ]
