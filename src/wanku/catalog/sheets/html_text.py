"""Markup to plain text: what a reader would see, line by line."""

from html.parser import HTMLParser

BLOCKS = frozenset(
    {"p", "div", "br", "ul", "ol", "li", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr", "dd", "dt"}
)
SILENT = frozenset({"script", "style", "template", "head", "noscript"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag in ("td", "th"):
            self.parts.append("  ")
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data.replace("\n", " "))


def html_text(markup: str) -> str:
    """The text of some HTML, without scripts and styles; a list item begins with a bullet, blocks end a line."""
    if "<" not in markup and "&" not in markup:
        return markup
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)
