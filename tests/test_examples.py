"""The example pages are what their script draws, small files, and read correctly."""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits.headers import read_header
from edgedigits.pictures import read_picture
from edgedigits.webcam.tracking import Tracker

ROOT = Path(__file__).parents[1]
LABELS = json.loads((ROOT / "examples" / "labels.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    script = ROOT / "examples" / "draw_examples.py"
    subprocess.run([sys.executable, script, folder], check=True, timeout=600)
    return folder


def test_every_page_has_its_text_and_no_other(examples: Path) -> None:
    assert sorted(LABELS) == sorted(path.name for path in examples.glob("*.jpg"))


def test_labels_are_what_the_script_writes(drawn: Path) -> None:
    assert json.loads((drawn / "labels.json").read_text("utf-8")) == LABELS


@pytest.mark.parametrize("name", LABELS)
def test_pages_are_what_the_script_draws(drawn: Path, examples: Path, name: str) -> None:
    """Up to the differences between versions of OpenCV and its JPEG encoder."""
    assert (examples / name).stat().st_size < 200_000
    committed, new = read_picture(examples / name), read_picture(drawn / name)
    assert committed.shape == new.shape
    assert float(np.abs(committed.astype(int) - new).mean()) < 2


def test_the_phone_picture_lies_on_its_side(examples: Path) -> None:
    data = (examples / "phone.jpg").read_bytes()
    header = read_header(data, "phone.jpg")
    assert header.orientation == 6
    stored = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    assert stored.shape[1] > stored.shape[0]
    upright = read_picture(examples / "phone.jpg")
    assert upright.shape[0] > upright.shape[1]


def test_most_of_what_they_say_is_read(examples: Path) -> None:
    """Guards against a broken chain and does not measure quality: nine tenths of all digits, in order."""
    reader = Reader(Classifier.load())
    matched = 0
    for name, label in LABELS.items():
        read = reader.read(read_picture(examples / name)).text
        blocks = difflib.SequenceMatcher(None, label["text"], read, autojunk=False).get_matching_blocks()
        matched += sum(block.size for block in blocks)
    assert matched >= 0.9 * sum(len(label["text"]) for label in LABELS.values())


@pytest.mark.parametrize("quality", [95, 85, 75])
@pytest.mark.parametrize("name", LABELS)
def test_a_page_that_is_saved_again_reads_the_same(examples: Path, name: str, quality: int) -> None:
    """Regression: a few grey levels closed the frame around `sloped.jpg`, and one of 12 digits was read."""
    reader, page = Reader(Classifier.load()), read_picture(examples / name)
    saved = cv2.imdecode(
        cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_UNCHANGED
    )
    before, after = reader.read(page).text, reader.read(saved).text
    assert difflib.SequenceMatcher(None, before, after).ratio() > 0.85, f"{before!r} became {after!r}"


@pytest.mark.parametrize(
    ("name", "quarters"),
    # Upside down, 50028 is 82005: no reader could know.
    [(name, turns) for name in LABELS for turns in range(4) if (name, turns) != ("touching.jpg", 2)],
)
def test_a_page_is_read_the_same_however_it_lies(examples: Path, name: str, quarters: int) -> None:
    """Regression: faint digits on their side fell apart, and touching digits were read sideways."""
    classifier, page = Classifier.load(), read_picture(examples / name)
    turned = np.ascontiguousarray(np.rot90(page, quarters))
    assert Reader(classifier, rotate="auto").read(turned).text == Reader(classifier).read(page).text


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("note.jpg", "slate.jpg", "was 1247/895/39261, then 1247/895/3850/239261"),
        ("slate.jpg", "note.jpg", "the other way round"),
        ("board.jpg", "list.jpg", "digits far apart after digits in two lines"),
    ],
)
def test_a_cut_from_one_page_to_another_is_one_change(
    examples: Path, first: str, second: str, why: str
) -> None:
    """Regression: the live view announced texts that stood on neither page."""
    reader, tracker, told = Reader(Classifier.load()), Tracker(), [""]
    pages = [reader.read(cv2.resize(read_picture(examples / name), (1280, 960))) for name in (first, second)]
    for index in range(60):
        text = tracker.update(pages[index // 30], index / 15).text
        if text != told[-1]:
            told.append(text)
    assert told == ["", *(page.text for page in pages)], why
