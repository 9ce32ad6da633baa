"""A real browser with a simulated camera, and the page opened in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ..conftest import Running, served

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STROKE_OF_ONE = [(0.5, 0.25), (0.49, 0.5), (0.485, 0.75)]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filmed page with three vertical strokes, as a video file and as a camera input for Chromium."""
    folder = tmp_path_factory.mktemp("clip")
    page = np.full((480, 640, 3), 225, np.uint8)
    for x in (170, 320, 470):
        cv2.line(page, (x + 6, 140), (x - 6, 330), (40, 35, 30), 17, cv2.LINE_AA)
    writer = cv2.VideoWriter(str(folder / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 20, (640, 480))
    stream = b""
    for _ in range(40):
        noisy = np.clip(page + np.random.default_rng(3).normal(0, 3, page.shape), 0, 255).astype(np.uint8)
        writer.write(noisy)
        stream += cv2.imencode(".jpg", noisy)[1].tobytes()
    writer.release()
    (folder / "clip.mjpeg").write_bytes(stream)
    return folder / "clip.avi"


@pytest.fixture(scope="module")
def browser(clip: Path) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    chromium_path = shutil.which("chromium")
    if chromium_path is None:
        pytest.skip("there is no /usr/bin/chromium: apt-get install chromium")
    camera = clip.with_suffix(".mjpeg")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=chromium_path,
            args=[
                *QUIET,
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def running(clip: Path) -> Iterator[Running]:
    with served("--source", clip) as server:
        yield server


@pytest.fixture
def open_page(browser: Any, running: Running) -> Iterator[Open]:
    """Open the page; any error or warning from its scripts fails the test."""
    contexts, complaints = [], []

    def start(path: str = "/", url: str = "", lenient: bool = False, **options: Any) -> Any:
        contexts.append(browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options)))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if not lenient:  # refused requests appear on the console too
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto((url or running.url) + path)
        return page

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


def draw(page: Any, points: list[tuple[float, float]], shift: float = 0.0) -> None:
    edge = page.locator("#pad").bounding_box()
    for index, (x, y) in enumerate(points):
        page.mouse.move(edge["x"] + (x + shift) * edge["width"], edge["y"] + y * edge["height"], steps=4)
        if index == 0:
            page.mouse.down()
    page.mouse.up()


def reads(page: Any, text: str) -> None:
    page.wait_for_function("text => document.getElementById('text').textContent === text", arg=text)
