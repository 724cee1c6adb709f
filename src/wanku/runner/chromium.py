"""The browser for the journeys: Debian's Chromium, installed by apt where we may."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# A font for Chinese, so that pictures of pages show words instead of boxes.
PACKAGES = ("chromium", "fonts-noto-cjk")


def find() -> str | None:
    """The browser's program: WANKU_CHROMIUM, or the first that is installed."""
    if given := os.environ.get("WANKU_CHROMIUM"):
        return given
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """Whether some installed font can show Chinese; True where that cannot be asked."""
    if shutil.which("fc-list") is None:
        return True
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def main() -> int:
    """Make sure of the browser: 0 if it is there or may be missing, 1 if it is missing in CI."""
    if find() and has_chinese_font():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("· Installing Chromium and a Chinese font for the journeys …", flush=True)
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "-qq", *words], stdin=subprocess.DEVNULL, env=environ, check=False)
    if find():
        return 0
    if os.environ.get("CI"):
        print("✗ Chromium is not installed and could not be; CI must run the journeys.", file=sys.stderr)
        return 1
    print("! Chromium is not installed, so the browser journeys will not run. On Debian: apt-get install chromium")
    return 0


if __name__ == "__main__":
    sys.exit(main())
