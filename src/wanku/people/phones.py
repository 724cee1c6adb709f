"""Phone numbers as people type them."""

import phonenumbers

HOME_REGION = "CN"


def normal_phone(text: str) -> str | None:
    """E.164 (``+8613800138000``) of a number typed with or without its country code, or None when it cannot be one.

    A number without a country code is taken as one of mainland China.
    """
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
