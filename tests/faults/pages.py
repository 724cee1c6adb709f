"""Every page and form that somebody can reach, found by walking links as they do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, ResolverMatch, resolve

HOST = "http://testserver"
PAGES_MAX = 120
# Each of a kind is enough: two orders have the same page.
OF_A_KIND = 2


@dataclass
class Form:
    """A form as a browser would send it."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @property
    def kind(self) -> tuple[str, ...]:
        """Forms of the same kind go to the same route with the same fields."""
        names = tuple(sorted({*self.fields, *self.files}))
        return (self.method, route_of(self.action), *names)


@dataclass
class Site:
    """What a walk found.

    Attributes:
        pages: address by route.
        parameters: names of query parameters that links use, by route.
    """

    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[tuple[str, ...], Form] = field(default_factory=dict)
    parameters: dict[str, set[str]] = field(default_factory=dict)

    def addresses(self) -> Iterator[str]:
        """Every page."""
        for found in self.pages.values():
            yield from found


class _Reader(HTMLParser):
    """Links and forms of one page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One tag."""
        found = {name: value or "" for name, value in attrs}
        if tag in ("a", "link", "img") and (found.get("href") or found.get("src")):
            self.links.append(found.get("href") or found.get("src", ""))
        for name in ("hx-get", "data-src"):
            if found.get(name):
                self.links.append(found[name])
        if tag == "form":
            action = urljoin(self.page, found.get("action") or self.page)
            self._form = Form(action, found.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea", "button"):
            self._control(tag, found)
        elif tag == "option" and self._select and self._form is not None:
            values = self._form.fields.setdefault(self._select, [])
            if "selected" in found or not values:
                self._form.fields[self._select] = [found.get("value", "")]

    def _control(self, tag: str, found: dict[str, str]) -> None:
        name, form = found.get("name", ""), self._form
        if not name or form is None:
            return
        kind = found.get("type", "text")
        if kind == "file":
            form.files.append(name)
        elif tag == "select":
            self._select = name
            form.fields.setdefault(name, [])
        elif tag == "textarea":
            form.fields[name] = [""]
        elif kind not in ("checkbox", "radio") or "checked" in found:
            form.fields.setdefault(name, []).append(found.get("value", "on" if kind == "checkbox" else ""))
        else:
            form.fields.setdefault(name, [])

    def handle_endtag(self, tag: str) -> None:
        """The end of one tag."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def match_of(path: str) -> ResolverMatch | None:
    """The route of a path, if it has one."""
    try:
        return resolve(urlsplit(path).path)
    except Resolver404:
        return None


def route_of(address: str) -> str:
    """Name of the route behind an address."""
    match = match_of(urlsplit(address).path)
    return match.route if match else urlsplit(address).path


def walk(client: Client, seeds: Iterable[str], check: Any) -> Site:
    """Follow links from the seeds, a few pages of each kind.

    Args:
        check: called with address and answer of every page.
    """
    site = Site()
    waiting, seen = list(seeds), set[str]()
    while waiting and sum(map(len, site.pages.values())) < PAGES_MAX:
        address = waiting.pop(0)
        path = urldefrag(address)[0]
        route = route_of(path)
        if path in seen or len(site.pages.get(route, [])) >= OF_A_KIND or path.startswith("/static/"):
            continue
        seen.add(path)
        answer = client.get(path)
        check(path, answer)
        site.pages.setdefault(route, []).append(path)
        if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
            if answer.status_code in (301, 302):
                waiting.append(local(answer["Location"], path))
            continue
        if answer.status_code in (301, 302):
            waiting.append(local(answer["Location"], path))
        reader = _Reader(path)
        reader.feed(answer.content.decode())
        for form in reader.forms:
            form.action = local(form.action, path)
            site.forms.setdefault(form.kind, form)
        for link in reader.links:
            found = local(link, path)
            if found:
                waiting.append(found)
                names = {name for name, _ in parse_qsl(urlsplit(found).query)}
                site.parameters.setdefault(route_of(found), set()).update(names)
    return site


def local(link: str, page: str) -> str:
    """The path and query of a link within the site, else nothing."""
    whole = urlsplit(urljoin(HOST + page, link))
    if whole.hostname != "testserver" or whole.scheme not in ("http", "https"):
        return ""
    return whole.path + (f"?{whole.query}" if whole.query else "")
