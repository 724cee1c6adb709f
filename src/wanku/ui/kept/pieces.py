"""A page cut at the places where each reader's own parts go."""

import re
import secrets
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import zip_longest
from typing import Final

# Two characters of Unicode's private area, which the escaping of HTML leaves alone.
_OPEN, _CLOSE = "\ue000", "\ue001"
# A gzip head without name and time (RFC 1952), the empty block that ends a deflate stream, the longest stored block.
_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_END: Final = b"\x03\x00"
_STORED_MAX: Final = 65_535
_WINDOW: Final = 32_768
LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Pieces:
    """A page in pieces: ``texts[0]``, the part ``slots[0]``, ``texts[1]`` … ``texts[-1]``.

    Attributes:
        slots: names of the reader's parts in order; a name may come more than once.
        widths: length in bytes of those parts that always have the same.
        packed: each text as deflate blocks, ended by a full flush. It may refer to earlier texts, as far as only parts
            of known width lie between; never to a part.
        digest: names the page without the reader's parts; the same in every process.
    """

    texts: tuple[bytes, ...]
    slots: tuple[str, ...]
    widths: Mapping[str, int]
    packed: tuple[bytes, ...]
    digest: str

    @property
    def size(self) -> int:
        """Bytes that it takes to keep."""
        return sum(map(len, self.texts)) + sum(map(len, self.packed))

    def plain(self, parts: Mapping[str, bytes]) -> bytes:
        """The whole page with these parts."""
        return b"".join(_woven(self.texts, [parts[slot] for slot in self.slots]))

    def gzipped(self, parts: Mapping[str, bytes]) -> bytes:
        """The whole page with these parts, for ``Content-Encoding: gzip``.

        The reader's parts stand in it as they are, in stored blocks, and no text refers to one. So the length of an
        answer says nothing about a secret in it, whatever an attacker gets reflected (BREACH), and nothing is
        compressed while answering.

        Raises:
            ValueError: a part is not as long as its slot says.
        """
        own = [parts[slot] for slot in self.slots]
        if any(len(parts[slot]) != width for slot, width in self.widths.items()):
            raise ValueError("a part has another width than its slot")
        checksum = size = 0
        for text in _woven(self.texts, own):
            checksum = zlib.crc32(text, checksum)
            size += len(text)
        body = _woven(self.packed, [_stored(part) for part in own])
        tail = checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
        return b"".join((_HEAD, *body, _END, tail))


class Marks:
    """Marks for one drawing of one page; nobody outside knows them, so no text of a merchant can imitate one."""

    def __init__(self) -> None:
        self._secret = secrets.token_hex(8)

    def mark(self, slot: str) -> str:
        """What stands in the page where the reader's part `slot` goes; plain letters to every filter and attribute."""
        return f"{_OPEN}{self._secret}:{slot}{_CLOSE}"

    def cut(self, page: str, widths: Mapping[str, int] | None = None) -> Pieces:
        """Cut a finished page at its marks.

        Args:
            widths: length in bytes of parts that always have the same.
        """
        found = re.split(f"{_OPEN}{self._secret}:([^{_CLOSE}]*){_CLOSE}", page)
        texts = tuple(text.encode() for text in found[::2])
        slots = tuple(found[1::2])
        digest = blake2b(digest_size=9)
        for text in _woven(texts, [slot.encode() for slot in slots]):
            digest.update(text)
            digest.update(b"\x00")
        known = {slot: width for slot, width in (widths or {}).items() if slot in slots}
        return Pieces(texts, slots, known, tuple(_packed(texts, slots, known)), digest.hexdigest())


def _woven(texts: Sequence[bytes], parts: Sequence[bytes]) -> list[bytes]:
    found = [texts[0]]
    for part, text in zip(parts, texts[1:], strict=True):
        found += (part, text)
    return found


def _packed(texts: Sequence[bytes], slots: Sequence[str], widths: Mapping[str, int]) -> Iterator[bytes]:
    before = b""
    for text, slot in zip_longest(texts, slots):
        stream = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before)
        yield stream.compress(text) + stream.flush(zlib.Z_FULL_FLUSH)
        # In place of a part stand bytes that no UTF-8 text has, so nothing is found in them. Behind a part of unknown
        # width every distance would be wrong, and the next text starts anew.
        before = (before + text)[-_WINDOW:] + b"\xff" * widths[slot] if slot in widths else b""


def _stored(part: bytes) -> bytes:
    """Bytes as deflate blocks without compression (RFC 1951, 3.2.4)."""
    found = []
    for start in range(0, len(part), _STORED_MAX):
        length = len(part[start : start + _STORED_MAX])
        found.append(b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little"))
        found.append(part[start : start + _STORED_MAX])
    return b"".join(found)
