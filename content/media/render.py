"""Render the movement pictures (content/media/*.svg) to PNG, 1200 x 750 pixels.

Run it after changing a drawing: `python content/media/render.py`, or with names: `... render.py tillen`.
It needs Playwright and Chromium; set CHROMIUM to the browser's path if it is not on PATH. The PNGs are committed.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

MEDIA = Path(__file__).resolve().parent
WIDTH, HEIGHT = 1200, 750
MAX_BYTES = 100_000
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STYLE = "body{margin:0;background:#fff}svg{display:block;width:100vw;height:100vh}"


def chromium() -> str:
    """The browser's path, from CHROMIUM or PATH."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        sys.exit("Chromium niet gevonden: zet het pad in CHROMIUM.")
    return found


def main(names: list[str]) -> int:
    """Render the named drawings, or all of them; 1 if a PNG came out too large."""
    drawings = [MEDIA / f"{name}.svg" for name in names] or sorted(MEDIA.glob("*.svg"))
    too_large = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for drawing in drawings:
            svg = drawing.read_text(encoding="utf-8")
            page.set_content(f"<!doctype html><style>{STYLE}</style>{svg}")
            png = drawing.with_suffix(".png")
            png.write_bytes(page.screenshot())
            size = png.stat().st_size
            too_large = too_large or size > MAX_BYTES
            print(f"{png.name}: {size / 1000:.0f} kB{'  TE GROOT' if size > MAX_BYTES else ''}")
        browser.close()
    return int(too_large)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
