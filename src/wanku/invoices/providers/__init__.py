"""Every provider of invoices by name. One more is one module here and one line below."""

from collections.abc import Mapping
from types import MappingProxyType

from wanku.invoices.provider import Provider
from wanku.invoices.providers.pdf import PdfProvider

PROVIDERS: Mapping[str, Provider] = MappingProxyType({"pdf": PdfProvider()})
"""By the name that a shop's `wanku.invoices.models.Issuer` has."""
