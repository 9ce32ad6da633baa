"""Take the screenshots of the web page: `python docs/screenshots.py`, from the top of the checkout.

They show our own example pages. Needs the extras `web` and `dev`, and Chromium.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import cv2
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
STROKES = {
    "2": [[(0.02, 0.25), (0.18, 0.05), (0.5, 0), (0.85, 0.1), (0.9, 0.32), (0.6, 0.65), (0, 1), (1, 0.97)]],
    "4": [[(0.55, 0), (0, 0.62), (1, 0.6)], [(0.72, 0.3), (0.66, 1)]],
    "7": [[(0, 0.02), (0.95, 0), (0.55, 0.5), (0.35, 1)]],
    "1": [[(0.3, 0.2), (0.62, 0), (0.58, 1)]],
}


def main() -> None:
    """Serve a video of an example page and take screenshots of the web page with it."""
    with tempfile.TemporaryDirectory() as folder:
        source = _video(Path(folder) / "page.avi")
        command = [sys.executable, "-m", "edgedigits", "serve", "--port", "0", "--source", str(source)]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        try:
            found = re.search(r"http://\S+", server.stderr.readline())
            assert found is not None
            _photograph(found[0])
        finally:
            server.terminate()
            server.wait()


def _video(path: Path) -> Path:
    page = cv2.imread(str(ROOT / "examples" / "note.jpg"))
    assert page is not None
    page = cv2.resize(page, (800, 600), interpolation=cv2.INTER_AREA)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (800, 600))
    for _ in range(100):
        writer.write(page)
    writer.release()
    return path


def _photograph(url: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        wide, narrow = {"width": 1180, "height": 760}, {"width": 390, "height": 844}
        for name, scheme, size in (
            ("light", "light", wide),
            ("dark", "dark", wide),
            ("phone", "light", narrow),
        ):
            context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=1.5)
            page = context.new_page()
            page.goto(url)
            if name == "dark":
                page.click("#tab-live")
                page.wait_for_selector("#on-air:visible")
                page.wait_for_timeout(1500)
            elif name == "phone":
                page.click("#tab-picture")
                page.set_input_files("#file", ROOT / "examples" / "note.jpg")
                page.wait_for_selector("#digits .digit")
            else:
                _write(page, "7241")
                page.wait_for_function("() => document.getElementById('text').textContent.length === 4")
            page.wait_for_timeout(300)
            page.screenshot(path=ROOT / "docs" / f"page-{name}.png")
            context.close()
        browser.close()


def _write(page: Any, digits: str) -> None:
    edge = page.locator("#pad").bounding_box()
    for place, digit in enumerate(digits):
        left, top = edge["x"] + edge["width"] * (0.1 + 0.22 * place), edge["y"] + edge["height"] * 0.32
        for stroke in STROKES[digit]:
            for index, (x, y) in enumerate(stroke):
                page.mouse.move(
                    left + x * edge["width"] * 0.13, top + y * edge["height"] * 0.34, steps=6 if index else 1
                )
                if index == 0:
                    page.mouse.down()
            page.mouse.up()


if __name__ == "__main__":
    main()
