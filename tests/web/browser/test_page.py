"""The page in a real browser: drawing, pictures, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from ..conftest import Running, encoded, page_with
from .conftest import STROKE_OF_ONE, Open, draw, reads

TOKEN = "a-token-for-the-browser"
STROKES_OF_SEVEN = [(0.4, 0.25), (0.58, 0.25), (0.47, 0.75)]


def test_drawing_is_read_undone_and_rubbed_out(open_page: Open) -> None:
    page = open_page()
    draw(page, STROKE_OF_ONE)
    reads(page, "1")
    draw(page, STROKES_OF_SEVEN, shift=0.25)
    reads(page, "17")
    assert page.locator("#digits .digit").count() == 2
    assert page.locator("#paper .boxes div").count() == 2
    assert page.locator("#digits .bars").first.locator("div").count() == 10
    frame = page.evaluate(
        "[...document.querySelector('#digits canvas').getContext('2d').getImageData(0, 0, 28, 28).data]"
    )
    assert max(frame[::4]) > 200, "the frame that the model saw is empty"
    page.keyboard.press("Control+z")
    reads(page, "1")
    page.click("#eraser")
    draw(page, STROKE_OF_ONE)
    reads(page, "No digit found")
    page.click("#undo")
    reads(page, "1")
    page.click("#clear")
    page.wait_for_selector("#invitation:visible")
    assert page.locator("#undo").is_disabled()


def test_drawing_with_the_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.focus("#pad")
    page.keyboard.press("Space")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # with the pen lifted: this leaves no mark
    reads(page, "1")
    page.wait_for_function("() => document.getElementById('spoken').textContent === 'Read 1'")


def test_touch_on_a_phone_draws_and_nothing_is_wider_than_the_screen(open_page: Open) -> None:
    page = open_page(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    page.evaluate(
        """() => {
            const pad = document.getElementById('pad');
            const edge = pad.getBoundingClientRect();
            for (let step = 0; step <= 12; step += 1) {
                const type = step === 0 ? 'pointerdown' : step === 12 ? 'pointerup' : 'pointermove';
                pad.setPointerCapture = () => {};
                pad.dispatchEvent(new PointerEvent(type, { pointerId: 7, pointerType: 'touch', bubbles: true,
                    clientX: edge.left + edge.width / 2, clientY: edge.top + 60 + 12 * step }));
            }
        }"""
    )
    reads(page, "1")
    for tab in ("draw", "picture", "live"):
        page.click(f"#tab-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab


def test_an_example_page_is_uploaded_saved_and_copied(
    open_page: Open, examples: Path, tmp_path: Path
) -> None:
    page = open_page("/#picture")
    page.set_input_files("#file", examples / "note.jpg")
    page.wait_for_selector("#digits .digit")
    truth = json.loads((examples / "labels.json").read_text("utf-8"))["note.jpg"]["text"]
    said = page.locator("#text").text_content()
    assert said.count("\n") == truth.count("\n"), "the lines of the page are kept"
    for button, name in (("#save-json", "reading.json"), ("#save-png", "reading.png")):
        with page.expect_download() as download:
            page.click(button)
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
    saved = json.loads((tmp_path / "reading.json").read_text("utf-8"))
    assert saved["text"] == said
    assert cv2.imread(str(tmp_path / "reading.png")).shape[1::-1] == tuple(saved["size"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#copy-text")
    page.wait_for_function("() => document.getElementById('copy-text').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == said


def test_a_picture_is_dropped_and_pasted(open_page: Open) -> None:
    page = open_page()
    for event in ("drop", "paste"):
        page.click("#tab-draw")
        page.evaluate(
            """async ([event, bytes]) => {
                const held = new DataTransfer();
                held.items.add(new File([new Uint8Array(bytes)], 'page.png', { type: 'image/png' }));
                const options = { bubbles: true, cancelable: true };
                dispatchEvent(event === 'drop' ? new DragEvent(event, { ...options, dataTransfer: held })
                    : new ClipboardEvent(event, { ...options, clipboardData: held }));
            }""",
            [event, list(encoded(page_with(2)))],
        )
        page.wait_for_selector("#shown .boxes div")
        assert page.locator("#tab-picture").get_attribute("aria-selected") == "true"


def test_a_large_photograph_in_another_format_is_taken(open_page: Open, tmp_path: Path) -> None:
    """Regression: the PNG that a phone's photograph in WebP became was larger than what the server takes."""
    large = cv2.resize(page_with(2), (4000, 3000)).astype(np.int16)
    large += np.random.default_rng(0).integers(-25, 26, large.shape, np.int16)
    _, data = cv2.imencode(".webp", large.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_WEBP_QUALITY, 90])
    (tmp_path / "photo.webp").write_bytes(data.tobytes())
    page = open_page("/#picture")
    page.set_input_files("#file", tmp_path / "photo.webp")
    page.wait_for_selector("#shown .boxes div", timeout=60_000)
    shown = page.locator("#shown img").evaluate("(picture) => [picture.naturalWidth, picture.naturalHeight]")
    assert shown == [2829, 2122]


@pytest.mark.parametrize(
    ("grain", "size", "why"),
    [
        (0, (7000, 6000), "42 megapixels: more than the server decodes"),
        (60, (5200, 4400), "more bytes than it takes, which it says before all of them were sent"),
    ],
)
def test_a_photograph_that_is_too_large_for_the_server_is_made_smaller(
    open_page: Open, tmp_path: Path, grain: int, size: tuple[int, int], why: str
) -> None:
    """Regression: photographs of 48 megapixels, as many phones take them, were refused."""
    large = cv2.resize(page_with(2), size).astype(np.int16)
    if grain:
        large += np.random.default_rng(0).integers(-grain, grain + 1, large.shape, np.int16)
    _, data = cv2.imencode(".jpg", large.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 98])
    assert large[..., 0].size > 40_000_000 or len(data) > 20_000_000, why
    (tmp_path / "photo.jpg").write_bytes(data.tobytes())
    page = open_page("/#picture", lenient=True)
    page.set_input_files("#file", tmp_path / "photo.jpg")
    page.wait_for_selector("#shown .boxes div", timeout=60_000)
    across, down = page.locator("#shown img").evaluate("(shown) => [shown.naturalWidth, shown.naturalHeight]")
    assert 5_900_000 < across * down < 6_100_000, why
    assert page.locator("#problem").is_hidden(), why


def test_a_picture_that_stays_too_large_is_sent_no_third_time(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/#picture", lenient=True)
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.method)
        route.fulfill(status=413, body="<html>from a proxy</html>", content_type="text/html")

    page.route("**/api/read", refuse)
    (tmp_path / "photo.png").write_bytes(encoded(page_with(2)))
    page.set_input_files("#file", tmp_path / "photo.png")
    page.wait_for_selector("#problem:visible")
    assert "The server answered 413." in page.locator("#problem").text_content()
    assert asked == ["POST", "POST"]


def test_of_two_pictures_the_later_one_stays_under_its_boxes(open_page: Open) -> None:
    """Regression: a picture that took long to convert appeared late, under the boxes of the next one."""
    page = open_page("/#picture")
    page.evaluate(  # the first picture's conversion waits until the second has been read
        """() => {
            const unpack = createImageBitmap;
            const released = new Promise((resolve) => { window.release = resolve; });
            window.createImageBitmap = async (...given) => { await released; return unpack(...given); };
            const convert = HTMLCanvasElement.prototype.toBlob;
            HTMLCanvasElement.prototype.toBlob = function (done, kind) {
                convert.call(this, (blob) => { done(blob); window.converted = true; }, kind);
            };
        }"""
    )
    for kind, marks in (("image/webp", 4), ("image/png", 2)):
        page.evaluate(
            """([kind, bytes]) => {
                const held = new DataTransfer();
                held.items.add(new File([new Uint8Array(bytes)], 'page', { type: kind }));
                dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: held }));
            }""",
            [kind, list(encoded(page_with(marks)))],
        )
    page.wait_for_selector("#shown .boxes div")
    page.evaluate("release()")
    page.wait_for_function("() => window.converted")
    page.wait_for_timeout(300)
    shown = page.evaluate("document.querySelector('#shown img').naturalWidth")
    assert shown == page_with(2).shape[1]
    assert page.locator("#shown").is_visible()


def test_what_is_no_picture_is_refused_in_words(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all", "utf-8")
    page = open_page("/#picture", lenient=True)
    page.set_input_files("#file", tmp_path / "letter.txt")
    page.wait_for_selector("#problem:visible")
    assert "PNG or JPEG" in page.locator("#problem").text_content()


def test_the_token_is_asked_for_refused_and_taken(
    open_page: Open, serve: Callable[..., Running], clip: Path
) -> None:
    guarded = serve("--token", TOKEN, "--source", clip)
    page = open_page(url=guarded.url, lenient=True)
    page.fill("#token", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]:visible")
    page.fill("#token", TOKEN)
    page.keyboard.press("Enter")
    page.wait_for_selector("#pad")
    page.wait_for_load_state()  # its scripts listen by then; an earlier stroke would be lost
    draw(page, STROKE_OF_ONE)
    reads(page, "1")
    page.click("#tab-live")
    reads(page, "111")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Open, examples: Path, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    page = open_page(color_scheme=scheme)
    draw(page, STROKE_OF_ONE)
    reads(page, "1")
    for tab in ("draw", "picture", "live"):
        page.click(f"#tab-{tab}")
        if tab == "picture":
            page.set_input_files("#file", examples / "doodles.jpg")
            page.wait_for_selector("#digits .digit")
        if tab == "live":
            page.wait_for_selector("#on-air:visible")
        found = axe.run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], tab


def test_the_policy_keeps_other_servers_out(open_page: Open) -> None:
    page = open_page(lenient=True)
    blocked = page.evaluate(
        """() => new Promise((resolve) => {
            addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
            document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.2/spy.png' }));
        })"""
    )
    assert blocked == "img-src"
