"""Our own provider: it draws the document itself, at once, and reports to no tax bureau."""

from wanku.invoices.provider import Issued, Sheet


class PdfProvider:
    """Issues electronic receipts. They say on their face that they are no invoices of a tax bureau.

    The same sheet always gives the same bytes, so a repeat after a crash changes nothing.
    """

    is_tax = False

    def issue(self, sheet: Sheet) -> Issued:
        """Draw it.

        Raises:
            ProviderDown: the typeface was not built.
        """
        return Issued(_drawn(sheet))

    def reverse(self, sheet: Sheet) -> Issued:
        """Draw the red letter; raises as `issue`."""
        return Issued(_drawn(sheet))

    def query(self, sheet: Sheet) -> None:
        """It keeps nothing: whatever it did not finish is drawn anew."""
        del sheet


def _drawn(sheet: Sheet) -> bytes:
    # Drawing takes 14 MB and a third of a second to load: only processes that issue pay for it.
    from wanku.invoices.providers._drawing import draw  # noqa: PLC0415

    return draw(sheet)
