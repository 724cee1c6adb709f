"""Whether a kept page still holds, and drawing it when it does not.

A kept page was drawn at some version of the catalogue and knows what it showed of things that change more often (stock,
ratings, answers). What a reader sees is then at most this old:

- what merchants write (products, prices, pictures, freight, shops, categories): `POLL_SECONDS`, since every process
  asks that often for the version of the catalogue; people who work at a desk get pages that are not kept, so that
  they see what they saved at once;
- stock, and what a page names as shown: `CHECK_SECONDS`, twice that while another thread looks;
- anything else (sales, order of lists, words such as “in 3 hours”): the page's own `age_max`; twice that in a process
  that serves (`Pages.open`), where the old page is shown while a thread of its own draws the next one.

Whoever has just done something (a message waits to be read) sees what they did, since the page is looked at anew.
Nothing that decides money reads kept pages: carts, checkouts and orders read the tables.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.template import loader
from django.utils import timezone
from django.utils.translation import get_language, override

from wanku.kernel.threads import healthy
from wanku.ui.kept.own import CSRF, WIDTHS
from wanku.ui.kept.pieces import Pieces
from wanku.ui.kept.shelf import Shelf
from wanku.ui.kept.standin import StandIn

POLL_SECONDS: Final = 0.25
CHECK_SECONDS: Final = 1.0
MEGABYTE: Final = 1024 * 1024
log = logging.getLogger(__name__)


class Shown(Protocol):
    """What a page showed of things that change without the catalogue."""

    def holds(self) -> bool:
        """Whether it is still so; one query."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page before it is drawn.

    Attributes:
        shown: read from the same rows as `context`.
        age_max: seconds after which the page is drawn anew whatever is known.
    """

    template: str
    context: Mapping[str, Any]
    shown: Shown
    age_max: float


@dataclass(slots=True)
class Kept:
    """A page that was drawn; times are monotonic seconds."""

    pieces: Pieces
    version: Hashable
    shown: Shown
    age_max: float
    made_at: float
    checked_at: float


@dataclass(slots=True)
class Pages:
    """Kept pages of one process.

    Attributes:
        version: asks the database for the version of the catalogue.
        poll, check: see above, seconds; zero asks every time.
    """

    version: Callable[[], Hashable]
    poll: float = POLL_SECONDS
    check: float = CHECK_SECONDS
    # Two shelves, so that somebody who tries a thousand filters does not push ordinary pages off.
    plain: Shelf[Kept] = field(default_factory=lambda: Shelf(16 * MEGABYTE))
    asked: Shelf[Kept] = field(default_factory=lambda: Shelf(4 * MEGABYTE))
    own: Shelf[tuple[Hashable, Pieces]] = field(default_factory=lambda: Shelf(4 * MEGABYTE))
    _known: tuple[Hashable, float] = (None, float("-inf"))
    _polling: threading.Lock = field(default_factory=threading.Lock)
    _aside: ThreadPoolExecutor | None = None
    _renewing: set[Hashable] = field(default_factory=set)

    def open(self) -> None:
        """From now on nobody waits for a page that is merely old."""
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="pages")

    def close(self) -> None:
        """The opposite of `open`."""
        aside, self._aside = self._aside, None
        if aside is not None:
            aside.shutdown(cancel_futures=True)
            self._renewing.clear()

    def page(
        self, key: Hashable, request: StandIn, draw: Callable[[StandIn], Drawn], *, rare: bool, look: bool = False
    ) -> Pieces:
        """The page of a key: kept, or drawn now by one thread for all that ask.

        Args:
            rare: one of many variants that few ask for.
            look: for who has just done something, and must see it: whether the page still holds is asked now.
        """
        shelf = self.asked if rare else self.plain
        kept = self._kept(shelf, key, request, draw, look=look)
        if 0 < kept.age_max <= time.monotonic() - kept.made_at:
            self._renew(shelf, key, request, draw)
        return kept.pieces

    def _kept(
        self, shelf: Shelf[Kept], key: Hashable, request: StandIn, draw: Callable[[StandIn], Drawn], *, look: bool
    ) -> Kept:
        kept = shelf.get(key)
        now = time.monotonic()
        if kept is not None and not look and self._is_fresh(kept, now):
            return kept
        patient = kept is None or look or not self._may_wait(kept, now)
        with shelf.maker(key, wait=patient) as mine:
            if not mine and kept is not None:
                return kept
            kept = shelf.get(key)
            now = time.monotonic()
            if kept is not None:
                if not look and self._is_fresh(kept, now):
                    return kept
                if self._is_current(kept, now) and kept.shown.holds():
                    kept.checked_at = now
                    return kept
            made = self._make(request, draw, now)
            shelf.put(key, made, made.pieces.size)
            return made

    def _renew(self, shelf: Shelf[Kept], key: Hashable, request: StandIn, draw: Callable[[StandIn], Drawn]) -> None:
        """Draw a page anew, in the reader's language and zone, while others see the one that is kept."""
        thread = self._aside
        if thread is None or key in self._renewing:
            return
        self._renewing.add(key)
        language, zone = get_language(), timezone.get_current_timezone()

        def make() -> None:
            # Without the right to make it, for which readers would wait: if one makes it meanwhile, so be it.
            with override(language), timezone.override(zone):
                made = self._make(request, draw, time.monotonic())
                shelf.put(key, made, made.pieces.size)

        def aside() -> None:
            try:
                healthy(make)
            except Exception:
                # Whoever asks once it is too old to be shown gets the answer that fits.
                log.exception("a kept page could not be drawn anew: %s", request.path)
            finally:
                self._renewing.discard(key)

        try:
            thread.submit(aside)
        except RuntimeError:  # closed since it was looked at; the reader has a page all the same
            self._renewing.discard(key)

    def stamped(
        self, key: Hashable, stamp: Hashable, request: StandIn, draw: Callable[[StandIn], tuple[str, Mapping[str, Any]]]
    ) -> Pieces:
        """A page of which a stamp tells whether it is the same.

        Args:
            key: also says whose page it is.
            stamp: read before this call, so that what changes meanwhile makes the page outdated, not wrong.
            draw: template and variables.
        """
        kept = self.own.get(key)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        template, context = draw(request)
        pieces = _cut(request, template, context)
        self.own.put(key, (stamp, pieces), pieces.size)
        return pieces

    def forget(self) -> None:
        """Forget everything, between tests."""
        self.own.clear()
        self.plain.clear()
        self.asked.clear()
        self._known = (None, float("-inf"))

    def _is_fresh(self, kept: Kept, now: float) -> bool:
        return now - kept.checked_at < self.check and self._is_current(kept, now)

    def _is_current(self, kept: Kept, now: float) -> bool:
        age_max = kept.age_max if self._aside is None else 2 * kept.age_max
        return now - kept.made_at < age_max and kept.version == self._version(now)

    def _may_wait(self, kept: Kept, now: float) -> bool:
        """Whether it can be shown while another thread looks whether it still holds."""
        return now - kept.checked_at < 2 * self.check and kept.version == self._version(now)

    def _version(self, now: float) -> Hashable:
        version, at = self._known
        if now - at < self.poll:
            return version
        with self._polling:
            version, at = self._known
            if now - at >= self.poll:
                version = self.version()
                self._known = (version, now)
        return version

    def _make(self, request: StandIn, draw: Callable[[StandIn], Drawn], now: float) -> Kept:
        # Before anything is read: what changes while the page is drawn makes it outdated, not wrong.
        version = self.version()
        self._known = (version, now)
        drawn = draw(request)
        return Kept(_cut(request, drawn.template, drawn.context), version, drawn.shown, drawn.age_max, now, now)


def _cut(request: StandIn, template: str, context: Mapping[str, Any]) -> Pieces:
    token = request.marks.mark(CSRF)
    html = loader.render_to_string(template, {**context, "csrf_token": token}, request)
    return request.marks.cut(html, WIDTHS)
