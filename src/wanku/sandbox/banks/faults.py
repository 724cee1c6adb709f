"""What can go wrong at a bank, on demand.

On a call (``create``, ``query``, ``refund`` …, the banks name them):
    ``slow`` answers after some seconds; ``lost_answer`` does what was asked and cuts the connection; ``error`` does
    nothing and answers the bank's own "system busy"; ``altered`` changes one byte of the answer's body.
On ``pay``:
    ``late`` lets the money arrive after some seconds.
On ``notice``:
    ``duplicate`` tells it twice; ``out_of_order`` holds it back for some seconds, so that later ones come first;
    ``forged`` sends one that a stranger signed before the true one; ``altered`` changes one byte of the first try;
    ``wrong_amount`` tells, truly signed, another amount at the first try; ``never`` does not tell at all.
"""

from typing import Final

from wanku.sandbox.banks.books import Books, Fault

ON_CALLS: Final = ("slow", "lost_answer", "error", "altered")
ON_PAY: Final = ("late",)
ON_NOTICES: Final = ("duplicate", "out_of_order", "forged", "altered", "wrong_amount", "never")
PAY: Final = "pay"
NOTICE: Final = "notice"


class NoFault(ValueError):
    """There is no such fault of such a call."""


def set_fault(
    books: Books, channel: str, call: str, kind: str, *, times: int = 1, seconds: float = 0.0, number: str = ""
) -> Fault:
    """Let it go wrong the next ``times`` times.

    Args:
        number: only for this payment or refund; else for whichever comes next.

    Raises:
        NoFault: the call cannot go wrong in that way.
    """
    known = ON_NOTICES if call == NOTICE else ON_PAY if call == PAY else ON_CALLS
    if kind not in known or times < 1 or not 0 <= seconds <= 86_400:
        raise NoFault(f"{kind!r} of {call!r}")
    return books.add(Fault(channel=channel, call=call, kind=kind, times=times, seconds=seconds, number=number))


def take(books: Books, channel: str, call: str, number: str = "") -> Fault | None:
    """The fault that happens to this call now, if any; it is used up by one."""
    with books.held():
        for fault in books.all(Fault, channel=channel, call=call):
            if fault.number not in ("", number):
                continue
            fault.times -= 1
            if fault.times > 0:
                books.put(fault)
            else:
                books.drop(fault)
            return fault
    return None


def flipped(body: bytes, at: int | None = None) -> bytes:
    """The same with one byte changed, by default in the middle; still text where it was text."""
    if not body:
        return b"!"
    where = len(body) // 2 if at is None else at
    return body[:where] + bytes([body[where] ^ 1]) + body[where + 1 :]
