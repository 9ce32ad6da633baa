"""The live view in a real browser: cameras shown, paused, cut off."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ..conftest import PATIENCE, Running, wait_until
from .conftest import Open, reads


def test_the_devices_camera_is_read_live_and_paused(open_page: Open) -> None:
    page = open_page("/#live")
    page.wait_for_selector("#on-air:visible")
    reads(page, "111")
    assert page.evaluate("document.getElementById('device').width") == 640
    page.click("#pause")
    page.wait_for_selector("#on-air", state="hidden")
    assert page.locator("#text").text_content() == "111", "what was read last stays on the page"


def test_the_live_picture_is_whole_on_a_phone_held_sideways(open_page: Open) -> None:
    """Regression: the picture had its own height, and what exceeded the view's was cut off."""
    page = open_page("/#live", viewport={"width": 844, "height": 390})
    page.wait_for_selector("#device:visible")
    view, picture = page.locator("#screen").bounding_box(), page.locator("#device").bounding_box()
    assert picture["y"] >= view["y"]
    assert picture["y"] + picture["height"] <= view["y"] + view["height"]


def test_this_browsers_camera_is_read(open_page: Open) -> None:
    page = open_page("/#live")
    page.click("#use-browser")
    reads(page, "111")
    assert page.locator("#viewer .boxes div").count() == 3
    page.click("#tab-draw")
    assert page.evaluate("document.querySelector('video').srcObject === null"), "the camera stays on"


def test_a_paused_browser_camera_is_off_and_its_last_picture_stays(open_page: Open) -> None:
    """Regression: boxes stood on a black view, because the picture vanished with the camera."""
    page = open_page("/#live")
    page.click("#use-browser")
    reads(page, "111")
    page.click("#pause")
    page.wait_for_function("() => document.getElementById('notice').textContent === 'Paused'")
    assert page.evaluate("document.querySelector('video').srcObject === null"), "the camera stays on"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # to another tab and back

    def paper_is_seen() -> bool:
        shot = np.frombuffer(page.locator("#viewer").screenshot(), np.uint8)
        return bool(cv2.imdecode(shot, cv2.IMREAD_GRAYSCALE).mean() > 150)

    wait_until(paper_is_seen)
    assert page.locator("#viewer .boxes div").count() == 3
    assert page.locator("#text").text_content() == "111"
    page.click("#pause")
    page.wait_for_selector("#viewer .boxes div", state="detached")
    page.wait_for_selector("#viewer .boxes div")
    assert page.evaluate("document.querySelector('video').poster") == ""


def test_what_the_devices_camera_sends_late_stays_out_of_the_browsers_view(open_page: Open) -> None:
    page = open_page()
    page.evaluate(  # the click comes while a picture is being decoded, and readings keep coming
        """() => {
            const unpack = createImageBitmap;
            window.createImageBitmap = async (...given) => {
                await new Promise((resolve) => setTimeout(resolve, 2500));
                return unpack(...given);
            };
            navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
        }"""
    )
    page.click("#tab-live")
    reads(page, "111")
    page.click("#use-browser")
    page.wait_for_timeout(3500)  # the server repeats its last reading every second
    assert "while this view is open" in page.locator("#text").text_content()
    assert page.locator("#notice").text_content() == "Asking for permission to use the camera…"
    assert page.locator("#device").is_hidden()


def test_a_stream_that_is_cut_comes_back(
    browser: Any, open_page: Open, clip: Path, serve: Callable[..., Running]
) -> None:
    first = serve("--source", clip)
    page = open_page("/#live", url=first.url, lenient=True)
    reads(page, "111")
    first.end()
    page.wait_for_function("() => document.getElementById('notice').textContent.includes('Trying again')")
    page.evaluate("document.getElementById('text').textContent = ''")
    serve("--source", clip, port=first.port)
    reads(page, "111")
    page.wait_for_function("() => document.getElementById('notice').textContent === ''")


def test_readings_that_are_refused_are_told_of_and_come_when_a_place_is_free(
    open_page: Open, clip: Path, serve: Callable[..., Running]
) -> None:
    """Regression: the picture came, but the message above it said for ever that the camera was starting."""
    full = serve("--source", clip, "--viewers", "1")
    with urllib.request.urlopen(f"{full.url}/api/readings", timeout=PATIENCE):
        page = open_page("/#live", url=full.url, lenient=True)
        page.wait_for_function(
            "() => document.getElementById('notice').textContent.includes('as many viewers')"
        )
    reads(page, "111")
    page.wait_for_function("() => document.getElementById('notice').textContent === ''")


def test_leaving_the_live_view_turns_the_camera_off(open_page: Open, running: Running) -> None:
    page = open_page("/#live")
    page.wait_for_selector("#on-air:visible")
    page.click("#tab-draw")

    def off() -> bool:
        return not page.evaluate("fetch('/api/health').then(a => a.json()).then(a => a.camera.on)")

    wait_until(off)
