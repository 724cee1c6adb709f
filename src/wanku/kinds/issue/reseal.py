"""Everything of this kind that is sealed passes to the current secret of the installation."""

from wanku.kernel.secrets import reseal
from wanku.kinds.issue import codes, signing
from wanku.kinds.issue.models import CodeFile, Licence

CHUNK = 2_000


def reseal_all() -> int:
    """Seal codes, waiting files and signing keys anew, and find codes by the current secret; returns how many.

    In the transaction of whoever calls. Devices and digits that were mailed are known by keyed hashes alone: devices
    are found under a former secret as long as it is kept, and activated again afterwards.
    """
    done = signing.reseal_all()
    for file in CodeFile.objects.exclude(sealed=""):
        file.sealed = reseal(codes.PURPOSE, file.sealed)
        file.save(update_fields=["sealed"])
        done += 1
    last = None
    while rows := _after(last):
        for row in rows:
            text = codes.opened(row.sealed)
            row.sealed, row.digest = codes.sealed(text), codes.digests(text)[0]
        Licence.objects.bulk_update(rows, ["sealed", "digest"])
        done, last = done + len(rows), rows[-1]
    return done


def _after(last: Licence | None) -> list[Licence]:
    rows = Licence.objects.select_for_update(no_key=True).order_by("pk")
    return list((rows.filter(pk__gt=last.pk) if last else rows)[:CHUNK])
