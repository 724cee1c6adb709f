"""A file of codes, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass

from wanku.catalog.sheets.read_table import read_table
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence
from wanku.kinds.issue.refusals import CODE_KNOWN, CODE_LENGTH, CODE_TWICE, NO_CODE_COLUMN

ROWS_MAX = 20_000
HEADINGS = frozenset(
    {"code", "codes", "key", "licence", "license", "激活码", "激活碼", "卡密", "序列号", "序號", "授权码"}
)


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A row of the file: its number there, and the code or what is wrong with it."""

    number: int
    code: str
    fault: Refusal | None = None

    @property
    def tail(self) -> str:
        """What a preview shows of it."""
        return codes.tail_of(self.code)


def read_codes(content: bytes) -> list[tuple[int, str]]:
    """Row numbers and codes of a CSV or Excel file: of its column ``code``, or of the only one there is.

    Raises:
        Refusal: what `read_table` refuses; ``no_code_column``.
    """
    # A list of one column may come without a heading: its first line is a code then, and one code is a whole list.
    table = read_table(content, rows_max=ROWS_MAX) if b"\n" in content.strip() or content[:2] == b"PK" else None
    if table is None:
        text = content.decode("utf-8-sig", "replace").strip()
        table = read_table(f"code\n{'' if text.lower() in HEADINGS else text}".encode())
    known = [at for at, heading in enumerate(table.headings) if heading.strip().lower() in HEADINGS]
    if known:
        return [(number, cells[known[0]]) for number, cells in table.rows]
    if len(table.headings) != 1:
        raise Refusal(NO_CODE_COLUMN, field="file")
    return [(1, table.headings[0]), *((number, cells[0]) for number, cells in table.rows)]


def check_codes(merchant_id: int, rows: Sequence[tuple[int, str]]) -> list[CodeRow]:
    """Each row with its fault: wrong length, twice in the file, or known to the shop already. One statement."""
    found = []
    first: dict[bytes, int] = {}
    wanted = {number: codes.digests(text) for number, text in rows}
    every = [digest for digests in wanted.values() for digest in digests]
    known = {
        bytes(digest)
        for digest in Licence.objects.filter(merchant_id=merchant_id, digest__in=every).values_list("digest", flat=True)
    }
    for number, text in rows:
        digests, length = wanted[number], len(codes.bare_of(text))
        fault = None
        if not length >= codes.LENGTH_MIN or len(text) > codes.LENGTH_MAX:
            fault = Refusal(CODE_LENGTH, least=codes.LENGTH_MIN, most=codes.LENGTH_MAX, length=length)
        elif digests[0] in first:
            fault = Refusal(CODE_TWICE, tail=codes.tail_of(text), other=first[digests[0]])
        elif known.intersection(digests):
            fault = Refusal(CODE_KNOWN, tail=codes.tail_of(text))
        first.setdefault(digests[0], number)
        found.append(CodeRow(number, text, fault))
    return found
