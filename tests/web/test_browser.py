"""The page in a real browser: drawn on, given pictures, shown cameras, cut off, refused."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from .conftest import PATIENCE, Running, encoded, page_with, served, wait_until

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
CHROMIUM = shutil.which("chromium")
if CHROMIUM is None:
    pytest.skip("there is no /usr/bin/chromium: apt-get install chromium", allow_module_level=True)

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "a-token-for-the-browser"
STROKE_OF_ONE = [(0.5, 0.25), (0.49, 0.5), (0.485, 0.75)]
STROKES_OF_SEVEN = [(0.4, 0.25), (0.58, 0.25), (0.47, 0.75)]
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A filmed page with three upright strokes, as a video file and as what Chromium takes for a camera."""
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
    camera = clip.with_suffix(".mjpeg")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM,
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
    """Open the page; whatever its scripts complained about fails the test."""
    contexts, complaints = [], []

    def start(path: str = "/", url: str = "", lenient: bool = False, **options: Any) -> Any:
        contexts.append(browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options)))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if not lenient:  # a refused request is written to the console too
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
    page.keyboard.press("ArrowRight")  # the pen is lifted: this leaves no mark
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


def test_of_two_pictures_the_later_one_stays_under_its_boxes(open_page: Open) -> None:
    """Regression: one that took long to convert came up late, under the boxes of the one after it."""
    page = open_page("/#picture")
    page.evaluate(  # the first picture's conversion waits until the second picture has been read
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
    page.wait_for_function("window.converted")
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


def test_the_devices_camera_is_read_live_and_paused(open_page: Open) -> None:
    page = open_page("/#live")
    page.wait_for_selector("#on-air:visible")
    reads(page, "111")
    assert page.evaluate("document.getElementById('device').width") == 640
    page.click("#pause")
    page.wait_for_selector("#on-air", state="hidden")
    assert page.locator("#text").text_content() == "111", "what was read last stays on the page"


def test_the_live_picture_is_whole_on_a_phone_held_sideways(open_page: Open) -> None:
    """Regression: the picture took its own height, and what was beyond the view's was cut off."""
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
    """Regression: boxes stood on a black view, because the picture went with the camera."""
    page = open_page("/#live")
    page.click("#use-browser")
    reads(page, "111")
    page.click("#pause")
    page.wait_for_function("() => document.getElementById('notice').textContent === 'Paused'")
    assert page.evaluate("document.querySelector('video').srcObject === null"), "the camera stays on"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # another tab, and back

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
    page.evaluate(  # the click falls while a picture is unpacked, and readings go on coming all the while
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
    page.wait_for_timeout(3500)  # the server repeats what it read every second
    assert "as long as this view is open" in page.locator("#text").text_content()
    assert page.locator("#notice").text_content() == "Asking for the camera…"
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
    """Regression: the picture came, and above it stood for ever that the camera was being turned on."""
    full = serve("--source", clip, "--viewers", "1")
    with urllib.request.urlopen(f"{full.url}/api/readings", timeout=PATIENCE):
        page = open_page("/#live", url=full.url, lenient=True)
        page.wait_for_function("document.getElementById('notice').textContent.includes('as many people')")
    reads(page, "111")
    page.wait_for_function("() => document.getElementById('notice').textContent === ''")


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
    page.wait_for_load_state()  # its scripts listen by then; a stroke before that is lost
    draw(page, STROKE_OF_ONE)
    reads(page, "1")
    page.click("#tab-live")
    reads(page, "111")


def test_leaving_the_live_view_turns_the_camera_off(open_page: Open, running: Running) -> None:
    page = open_page("/#live")
    page.wait_for_selector("#on-air:visible")
    page.click("#tab-draw")

    def off() -> bool:
        return not page.evaluate("fetch('/api/health').then(a => a.json()).then(a => a.camera.on)")

    wait_until(off)


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
