"""Digits of handwriting fonts: which faces are used, how they are framed, and what the table says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="the extra `bench` is not installed")

import matplotlib

from edgedigits.errors import DataError
from edgedigits_bench.hands import MOVED, frames_of_font, hands_in, main, moved

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """Two faces of one family, one of another, one with a box for every glyph, and a file that is no font."""
    folder = tmp_path / "fonts" / "deep"
    folder.mkdir(parents=True)
    for name in ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf", "DejaVuSerif.ttf", "LastResortHE-Regular.ttf"):
        (folder / name).write_bytes((FONTS / name).read_bytes())
    (folder / "broken.ttf").write_bytes(b"no font")
    (folder / "notes.txt").write_text("no font either")
    return tmp_path / "fonts"


def test_a_family_has_one_face_and_what_has_no_digits_none(few: Path) -> None:
    hands = hands_in(few)
    assert list(hands) == ["DejaVu Sans", "DejaVu Serif"]
    regular = frames_of_font(FONTS / "DejaVuSans.ttf")
    assert regular is not None
    np.testing.assert_array_equal(hands["DejaVu Sans"], regular[2], err_msg="the bold one came first")
    frames = hands["DejaVu Serif"]
    assert frames.shape == (10, 28, 28)
    assert frames.dtype == np.uint8
    heights = [np.ptp(np.flatnonzero((frame > 60).any(1))) + 1 for frame in frames]
    assert all(19 <= height <= 21 for height in heights), "framed as MNIST's digits are"


def test_a_folder_without_fonts_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no font with digits"):
        hands_in(tmp_path)


def test_each_digit_is_bent_in_its_own_way(few: Path) -> None:
    frames = hands_in(few)["DejaVu Sans"]
    bent, which = moved(frames, 1)
    assert bent.shape == (10 * MOVED, 28, 28)
    assert np.bincount(which).tolist() == [MOVED] * 10
    assert len({frame.tobytes() for frame in bent}) == 10 * MOVED
    np.testing.assert_array_equal(bent, moved(frames, 1)[0])
    assert (moved(frames, 2)[0] != bent).any()


def test_the_record_is_written_and_printed(few: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Printed digits are easy to read, so lower figures would mean a mistake in the table."""
    record = few.parent / "new" / "hands.json"
    assert main([str(record), "--run", "--fonts", str(few)]) == 0
    printed = capsys.readouterr().out
    lines = [line for line in printed.splitlines() if line.startswith("|")]
    assert [line.split("|")[1].strip() for line in lines[2:]] == [*"0123456789", "all"]
    assert "| 8 | 100.0 % |" in printed
    assert "2 families" in printed
    assert main([str(record)]) == 0
    assert capsys.readouterr().out == printed
