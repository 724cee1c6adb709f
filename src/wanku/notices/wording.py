"""What a notice says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """English texts with ``%(fact)s`` placeholders.

    Attributes:
        title: one line; also the subject of the e-mail.
        text: what it means and what to do.
        action: label of the link.
    """

    title: str
    text: str
    action: str
