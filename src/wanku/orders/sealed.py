"""What only some may read of a line: documents of travellers, a word on how to get in."""

import json
from typing import Any, Final

from wanku.kernel.secrets import unseal
from wanku.orders.models import Line

PURPOSE: Final = "line"
"""For `wanku.kernel.secrets`."""


def details_of(line: Line) -> dict[str, Any]:
    """The details in plain; whoever shows them to the merchant's people records that they were read.

    Raises:
        Unsealable: with no secret that is known here.
    """
    found: dict[str, Any] = json.loads(unseal(PURPOSE, line.sealed)) if line.sealed else {}
    return found
