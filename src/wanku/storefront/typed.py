"""What people and programs put into forms and addresses, read strictly."""

DIGITS_MAX = 15


def whole_number(text: str) -> int | None:
    """A plain number of ASCII digits below 10^15, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else None
