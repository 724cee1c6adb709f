"""Names of fields: flows speak of their own inputs, callers of the body that they sent."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from wanku.kernel.refusal import Refusal


@contextmanager
def renaming(names: Mapping[str, str]) -> Iterator[None]:
    """Rename the fields of a refusal that passes: the longest prefix that fits is replaced.

    Args:
        names: ``{"address.": "", "key": "Idempotency-Key"}``.
    """
    try:
        yield
    except Refusal as refusal:
        also = [Refusal(each.code, field=_renamed(each.field, names), **each.facts) for each in refusal.also]
        raise Refusal(refusal.code, field=_renamed(refusal.field, names), also=also, **refusal.facts) from refusal


def _renamed(field: str | None, names: Mapping[str, str]) -> str | None:
    if field is None:
        return None
    fitting = [name for name in names if field == name or (field.startswith(name) and name.endswith("."))]
    if not fitting:
        return field
    longest = max(fitting, key=len)
    return names[longest] + field.removeprefix(longest)
