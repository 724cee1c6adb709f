"""Somebody with a browser: goes places, and notes everything that a page should not do."""

import io
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
}
DESKTOP = {"viewport": {"width": 1280, "height": 860}, "device_scale_factor": 1}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PATIENCE_MS = 15_000
PICTURE_BYTES_MAX = 150_000
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
# Answers to wrong input that a journey gives on purpose; the browser logs them as failed loads.
MEANT = re.compile(r"Failed to load resource: the server responded with a status of (404|409|422)")


class Visitor:
    """One browser context with one page."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        phone: bool,
        language: str,
        script: bool,
        pictures: bool,
        banks: str = "",
    ) -> None:
        """Open a window.

        Args:
            banks: address of banks that the visitor may go to.
        """
        device: dict[str, Any] = PHONE if phone else DESKTOP
        self.url = url
        self._known = tuple(filter(None, (url, banks)))
        self.phone = phone
        self.troubles: list[str] = []
        self._pictures = pictures
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            locale=LOCALES[language],
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            # Whatever moves is not worth waiting for.
            reduced_motion="reduce",
            **device,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._on_request)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.page.url}: {error}"))
        self.page.on("response", lambda r: self._on_status(r.status, r.url))

    def go(self, path: str) -> Page:
        """Open a path."""
        self.page.goto(path, wait_until="load")
        return self.page

    def sees(self, text: str) -> None:
        """The text is on the page, soon."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible(timeout=PATIENCE_MS)

    def press(self, selector: str) -> None:
        """Click the first visible match."""
        self.page.locator(selector).locator("visible=true").first.click()

    def fill(self, **fields: str) -> None:
        """Fill inputs by their names."""
        for name, value in fields.items():
            box = self.page.locator(f'[name="{name}"]').locator("visible=true").first
            if box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)

    def sign_in(self, login: str, password: str, to: str = "/") -> None:
        """Sign in by the page."""
        self.go(f"/account/login/?next={to}")
        self.fill(login=login, password=password)
        self.press('form[action$="/login/"] button.btn-primary')
        self.page.wait_for_url(f"**{to}")

    def is_accessible(self) -> None:
        """The page breaks no rule of WCAG 2.2 AA that a program can check."""
        found = Axe().run(self.page, options=RULES).response["violations"]
        told = [
            f"{one['id']} ({one['impact']}): {node['html'][:160]} — {node['failureSummary'].splitlines()[-1].strip()}"
            for one in found
            for node in one["nodes"][:3]
        ]
        assert not told, f"{self.page.url}\n" + "\n".join(told)

    def fits(self) -> None:
        """Nothing is wider than the window."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"

    def shoot(self, name: str, *, dark: bool = False) -> None:
        """Take a picture for the documents, if pictures are taken."""
        if not self._pictures:
            return
        self.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        self.page.evaluate("scrollTo(0, 0)")
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_function(
            "Array.from(document.images).filter(i => i.loading != 'lazy').every(i => i.complete)"
        )
        self.page.wait_for_timeout(400)
        save(self.page.screenshot(), PICTURES / f"{name}.webp")
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((*self._known, "data:", "blob:")):
            self.troubles.append(f"{self.page.url} asks outside: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        asset = "/static/" in str(message.location.get("url", ""))
        if message.type in ("error", "warning") and (asset or not MEANT.search(message.text)):
            self.troubles.append(f"{self.page.url} {message.type}: {message.text} {message.location}")

    def _on_status(self, status: int, url: str) -> None:
        if status >= 500:
            self.troubles.append(f"{status} {url}")


def save(shot: bytes, path: Path) -> None:
    """A picture of sensible size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    for quality in (88, 80, 70, 55):
        image.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size < PICTURE_BYTES_MAX:
            return
