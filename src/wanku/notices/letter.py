"""A notice as it travels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail in the reader's language, without its address."""

    subject: str
    text: str
    html: str
