"""Texts that people type: cleaned once, at the edge of the domain."""

import unicodedata


def clean(text: str, *, lines: bool = False) -> str:
    """Normalise to NFC, drop control and bidirectional-override characters, and trim.

    Args:
        lines: keep line breaks (for long texts); otherwise all white space folds to single spaces.
    """
    # Most texts are clean as typed: printable means none of the characters below and no white space but the blank.
    if text.isprintable() and "  " not in text and text == text.strip(" ") and unicodedata.is_normalized("NFC", text):
        return text
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    if lines:
        return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()
    return " ".join(kept.split())


def mask_phone(phone: str) -> str:
    """``+86138****5678``: enough to recognise one's own number."""
    return phone[:-8] + "****" + phone[-4:] if len(phone) >= 8 else "****"


def mask_email(email: str) -> str:
    """``a***@example.com``."""
    name, _, host = email.partition("@")
    return f"{name[:1]}***@{host}"


def mask_name(name: str) -> str:
    """``A***n``, ``安***姐``: a name as others see it; the stars always number three, so that length tells nothing."""
    name = clean(name)
    if not name:
        return "***"
    return f"{name[0]}***{name[-1]}" if len(name) > 2 else f"{name[0]}***"
