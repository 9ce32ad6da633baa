"""`edgedigits predict` with the tiny model, which calls every shape 0: the text shows how many there are."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.cli import main
from edgedigits.commands.predict import _Progress

Picture = npt.NDArray[np.uint8]


def page(*rows: int) -> Picture:
    """Return a page with this many rings in each row: rows of 3 and 2 read "000" and "00"."""
    picture = np.full((40 + 90 * max(1, len(rows)), 400, 3), 225, np.uint8)
    for y, number in enumerate(rows):
        for x in range(number):
            cv2.ellipse(
                picture, (50 + 70 * x, 65 + 90 * y), (15, 25), 0, 0, 360, (40, 30, 30), 5, cv2.LINE_AA
            )
    return picture


def save(path: Path, picture: Picture) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, picture)[1].tobytes())
    return path


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three good pictures, and one that was truncated while being copied."""
    monkeypatch.chdir(tmp_path)
    save(Path("pages/one.png"), page(1))
    save(Path("pages/three.png"), page(3))
    save(Path("pages/two.jpg"), page(2))
    whole = save(Path("whole.png"), page(4)).read_bytes()
    Path("broken.png").write_bytes(whole[: len(whole) // 3])
    return Path("pages")


@pytest.fixture
def predict(tiny: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the subcommand with the tiny model in this process."""

    def run(*arguments: str | Path) -> SimpleNamespace:
        code = main(["predict", "--model", str(tiny), *map(str, arguments)])
        captured = capsys.readouterr()
        return SimpleNamespace(code=code, out=captured.out, err=captured.err)

    return run


def test_one_picture_prints_its_lines_alone(predict: Any, tmp_path: Path) -> None:
    result = predict(save(tmp_path / "page.png", page(3, 2)))
    assert (result.code, result.out, result.err) == (0, "000\n00\n", "")


def test_several_print_their_names(predict: Any, pages: Path) -> None:
    result = predict(pages)
    assert result.code == 0
    assert result.out.splitlines() == ["pages/one.png: 0", "pages/three.png: 000", "pages/two.jpg: 00"]


def test_json_has_the_agreed_fields(predict: Any, pages: Path) -> None:
    result = predict(pages / "two.jpg", "--json")
    (line,) = result.out.splitlines()
    answer = json.loads(line)
    assert set(answer) == {"source", "text", "digits", "timing_ms"}
    assert (answer["source"], answer["text"]) == ("pages/two.jpg", "00")
    for digit in answer["digits"]:
        assert set(digit) == {"label", "confidence", "box"}
        assert digit["label"] == 0
        assert digit["confidence"] == pytest.approx(0.1)  # the tiny model is as unsure as can be
    (x, y, width, height), (right, *_) = (digit["box"] for digit in answer["digits"])
    assert abs(x - 32) <= 3  # the ring's outline, 5 px wide, around (50, 65)
    assert abs(y - 37) <= 3
    assert abs(width - 36) <= 6
    assert abs(height - 56) <= 6
    assert right > x + width
    assert answer["timing_ms"].keys() >= {"segment", "classify", "total"}


def test_a_bad_one_does_not_stop_the_rest(predict: Any, pages: Path) -> None:
    result = predict("pages/one.png", "broken.png", "nowhere.png", "pages/*.tif", "pages/two.jpg")
    assert result.code == 1
    assert result.out.splitlines() == ["pages/one.png: 0", "pages/two.jpg: 00"]
    assert "broken.png" in result.err
    assert "nowhere.png" in result.err
    assert "3 of 5 inputs could not be read" in result.err


def test_an_unexpected_failure_is_told_and_does_not_stop_the_rest(
    predict: Any, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edgedigits.reader import Reader

    read = Reader.read

    def fails_once(self: Reader, picture: Picture, debug: Path | None = None) -> Any:
        monkeypatch.setattr(Reader, "read", read)
        raise cv2.error("an assertion deep in OpenCV")

    monkeypatch.setattr(Reader, "read", fails_once)
    result = predict(pages)
    assert result.code == 1
    assert "an assertion deep in OpenCV" in result.err
    assert result.out.splitlines() == ["pages/three.png: 000", "pages/two.jpg: 00"]


def test_nothing_found_is_exit_1(predict: Any, tmp_path: Path) -> None:
    result = predict(save(tmp_path / "blank.png", page()))
    assert (result.code, result.out) == (1, "")
    assert "no digit was found" in result.err


def test_a_blank_page_among_others_is_no_failure(predict: Any, pages: Path) -> None:
    save(Path("pages/blank.png"), page())
    result = predict(pages)
    assert result.code == 0
    assert "pages/blank.png:" in result.out.splitlines()


def test_threshold_refuses_and_all_tells_what_was_refused(predict: Any, pages: Path) -> None:
    # Every shape scores 10/11 with the tiny model.
    assert predict(pages / "two.jpg", "--threshold", "0.9").code == 0
    result = predict(pages / "two.jpg", "--threshold", "0.95", "--json", "--all")
    assert result.code == 1
    answer = json.loads(result.out)
    assert (answer["text"], answer["digits"]) == ("", [])
    assert [shape["digit_score"] for shape in answer["rejected"]] == [0.9091, 0.9091]
    assert all(len(shape["box"]) == 4 for shape in answer["rejected"])


def test_single_takes_all_ink_for_one_digit(predict: Any, tmp_path: Path) -> None:
    assert predict(save(tmp_path / "page.png", page(1)), "--single").out == "0\n"


@pytest.mark.parametrize("turn", ["0", "90", "180", "270", "auto"])
def test_rotate_takes_each_turn(predict: Any, tmp_path: Path, turn: str) -> None:
    assert predict(save(tmp_path / "page.png", page(2)), "--rotate", turn).code == 0


def test_video_gives_each_frame(predict: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    writer = cv2.VideoWriter("clip.avi", cv2.VideoWriter_fourcc(*"MJPG"), 10, (400, 130))
    if not writer.isOpened():
        pytest.skip("this OpenCV cannot write MJPG videos")
    for number in (1, 2, 0):
        writer.write(page(number))
    writer.release()
    assert predict("clip.avi").out.splitlines() == ["clip.avi#0: 0", "clip.avi#1: 00", "clip.avi#2:"]
    lines = predict("clip.avi", "--json", "--save", "drawn").out.splitlines()
    answers = [json.loads(line) for line in lines]
    assert [(answer["frame"], answer["text"]) for answer in answers] == [(0, "0"), (1, "00"), (2, "")]
    assert [answer["time"] for answer in answers] == pytest.approx([0, 0.1, 0.2], abs=0.01)
    assert sorted(path.name for path in Path("drawn").iterdir()) == [f"clip-00000{n}.jpg" for n in range(3)]


def test_a_video_that_is_cut_off_says_so(
    predict: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: it ended silently with 0 after the readable frames."""
    monkeypatch.chdir(tmp_path)
    writer = cv2.VideoWriter("clip.avi", cv2.VideoWriter_fourcc(*"MJPG"), 10, (400, 130))
    if not writer.isOpened():
        pytest.skip("this OpenCV cannot write MJPG videos")
    for _ in range(30):
        writer.write(page(2))
    writer.release()
    data = Path("clip.avi").read_bytes()
    Path("clip.avi").write_bytes(data[: len(data) // 2])
    result = predict("clip.avi")
    lines = result.out.splitlines()
    assert 5 < len(lines) < 25
    assert {line.partition(": ")[2] for line in lines} == {"00"}
    assert result.code == 1
    assert f"clip.avi ended early: {len(lines)} of 30 frames could be read" in result.err


def test_a_video_that_is_none_is_an_error(predict: Any, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"not a video")
    result = predict(path)
    assert result.code == 1
    assert "clip.mp4" in result.err


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_a_picture_on_stdin(predict: Any, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, (pages / "three.png").read_bytes())
    assert predict("-").out == "000\n"
    feed(monkeypatch, (pages / "three.png").read_bytes())
    answer = json.loads(predict("-", "--json", "--save", "drawn").out)
    assert answer["source"] == "-"
    assert Path("drawn/stdin.png").exists()


@pytest.mark.parametrize("data", [b"", b"not a picture"])
def test_stdin_without_a_picture(predict: Any, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    feed(monkeypatch, data)
    result = predict("-")
    assert (result.code, result.out) == (1, "")
    assert "stdin" in result.err


@pytest.mark.parametrize(
    ("stdin", "why"),
    [(None, "the shell closed it"), (SimpleNamespace(buffer=None), "something without bytes stands for it")],
)
def test_no_stdin_at_all(predict: Any, monkeypatch: pytest.MonkeyPatch, stdin: Any, why: str) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    result = predict("-")
    assert (result.code, result.out) == (1, "")
    assert "stdin cannot be read" in result.err


@pytest.mark.parametrize(("out", "err"), [(None, sys.__stderr__), (sys.__stdout__, None), (None, None)])
def test_progress_without_the_streams_that_the_shell_closed(
    monkeypatch: pytest.MonkeyPatch, out: Any, err: Any
) -> None:
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True) if err else None)
    _Progress(21)


# --save


def test_save_draws_copies_and_names_the_folder(predict: Any, pages: Path) -> None:
    result = predict(pages, "--save", "new/drawn")
    assert sorted(path.name for path in Path("new/drawn").iterdir()) == ["one.png", "three.png", "two.jpg"]
    assert "3 annotated copies in new/drawn" in result.err
    drawn = cv2.imdecode(np.fromfile("new/drawn/one.png", np.uint8), cv2.IMREAD_COLOR)
    assert drawn.shape == page(1).shape
    assert (drawn != page(1)).any()


def test_save_never_overwrites(predict: Any, pages: Path) -> None:
    """Saving twice into the inputs' own folder leaves everything there as it was."""
    before = {path: path.read_bytes() for path in pages.iterdir()}
    predict("pages/one.png", "--save", pages)
    predict("pages/one.png", "--save", pages)
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in pages.glob("one*")) == ["one-2.png", "one-3.png", "one.png"]


def test_save_leaves_what_a_link_points_to(predict: Any, pages: Path) -> None:
    Path("drawn").mkdir()
    Path("precious.png").write_bytes(b"precious")
    Path("drawn/one.png").symlink_to(Path("precious.png").resolve())
    predict("pages/one.png", "--save", "drawn")
    assert Path("precious.png").read_bytes() == b"precious"
    assert Path("drawn/one-2.png").exists()


def test_pictures_of_one_name_are_all_saved(predict: Any, pages: Path) -> None:
    save(Path("other/one.png"), page(2))
    predict("pages/one.png", "other/one.png", "--save", "drawn")
    assert sorted(path.name for path in Path("drawn").iterdir()) == ["one-2.png", "one.png"]


def test_save_where_a_file_is_in_the_way_is_usage(predict: Any, pages: Path) -> None:
    result = predict("pages/one.png", "--save", "whole.png")
    assert (result.code, result.out) == (2, "")
    assert "whole.png" in result.err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder that root cannot write to either")
@pytest.mark.parametrize("flag", ["--save", "--debug"])
def test_a_folder_that_cannot_be_written_to_is_told_once_before_anything_is_read(
    predict: Any, pages: Path, flag: str
) -> None:
    """Regression: every picture was read, and for each of them the folder was complained about."""
    result = predict(pages, flag, "/proc/self")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"edgedigits: {flag} /proc/self cannot be used\n")
    assert result.err.count("/proc/self") == 1


def test_save_leaves_nothing_but_copies(predict: Any, pages: Path) -> None:
    predict("whole.png", "--save", "drawn")
    assert [path.name for path in Path("drawn").iterdir()] == ["whole.png"]


@pytest.mark.parametrize(
    ("flag", "words"),
    [("--save", "three.png was read, but its annotated copy"), ("--debug", "its debug pictures")],
)
def test_a_disk_that_is_full_costs_no_reading(tiny: Path, pages: Path, flag: str, words: str) -> None:
    """Regression: the reading was lost, the picture blamed, and an empty file left in place of the copy."""
    resource = pytest.importorskip("resource", reason="Windows has no such limits")

    def limit() -> None:
        # No file of this process may exceed 200 bytes. That fails like a full disk, for root as well.
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))

    arguments = ["predict", "--model", str(tiny), str(pages / "three.png"), flag, "new"]
    result = subprocess.run(
        [sys.executable, "-B", "-m", "edgedigits", *arguments],
        preexec_fn=limit,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (1, "000\n")
    assert words in result.stderr
    assert "File too large" in result.stderr
    assert "please report" not in result.stderr
    assert "could not be read" not in result.stderr
    assert [path for path in Path("new").rglob("*") if path.is_file()] == []


def test_debug_replaces_nothing(predict: Any, pages: Path) -> None:
    """Regression: the output of another picture with the same name was lost."""
    predict("pages/one.png", "--debug", "stages")
    before = {path: path.read_bytes() for path in Path("stages/one").iterdir()}
    save(Path("other/one.png"), page(2))
    predict("other/one.png", "--debug", "stages")
    assert {path: path.read_bytes() for path in Path("stages/one").iterdir()} == before
    assert {path.name for path in Path("stages/one-2").iterdir()} == {path.name for path in before}


def test_debug_writes_pictures_of_the_stages(predict: Any, pages: Path) -> None:
    assert predict(pages, "--debug", "stages").code == 0
    for name in ("one", "two", "three"):
        assert len(list(Path("stages", name).iterdir())) >= 3


# --jobs


def test_jobs_keep_the_order_and_report_the_bad_one(predict: Any, tmp_path: Path) -> None:
    for number in range(12):
        save(tmp_path / f"{number:02d}.png", page(1 + number % 5))
    (tmp_path / "05.png").write_bytes(b"")
    alone = predict(tmp_path)
    shared = predict(tmp_path, "--jobs", "2", "--save", tmp_path / "drawn")
    assert shared.out == alone.out
    assert shared.code == alone.code == 1
    assert "05.png" in shared.err
    assert len(list((tmp_path / "drawn").iterdir())) == 11


def test_jobs_leave_stdin_to_the_parent(predict: Any, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, Path("whole.png").read_bytes())
    result = predict("pages/one.png", "-", "pages/two.jpg", "--jobs", "2")
    assert result.out.splitlines() == ["pages/one.png: 0", "-: 0000", "pages/two.jpg: 00"]


def test_more_jobs_than_pictures_are_as_many_as_pictures(predict: Any, pages: Path) -> None:
    """Regression: a huge number was an OverflowError, and each idle process costs its start-up."""
    assert predict(pages, "--jobs", "2147483648").code == 0


# Usage


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "no source"),
        (["x.png", "--threshold", "2"], "beyond 1"),
        (["x.png", "--threshold", "nan"], "no number to compare with"),
        (["x.png", "--jobs", "0"], "nobody to do it"),
        (["x.png", "--rotate", "45"], "not a quarter turn"),
        (["x.png", "--frobnicate"], "unknown flag"),
    ],
)
def test_usage_errors_exit_2(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["predict", *arguments])
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_flags_that_exclude_each_other(predict: Any, pages: Path) -> None:
    assert predict(pages, "--show", "--jobs", "2").code == 2
    assert predict(pages, "--all").code == 2


def test_show_without_a_display_is_told_before_opencv_aborts(
    predict: Any, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    result = predict(pages, "--show")
    assert (result.code, result.out) == (1, "")
    assert "DISPLAY" in result.err


def test_variables_stand_in_for_flags_and_flags_go_first(
    tiny: Path, pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDGEDIGITS_MODEL", str(tiny))
    monkeypatch.setenv("EDGEDIGITS_THRESHOLD", "0.95")
    assert main(["predict", "pages/one.png"]) == 1
    assert main(["predict", "pages/one.png", "--threshold", "0.5"]) == 0
    assert capsys.readouterr().out == "0\n"
    monkeypatch.setenv("EDGEDIGITS_THRESHOLD", "many")
    with pytest.raises(SystemExit) as caught:
        main(["predict", "pages/one.png"])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("THRESHOLD", "many", "EDGEDIGITS_THRESHOLD=many is not a number from 0 to 1"),
        ("JOBS", "x", "EDGEDIGITS_JOBS=x is not a whole number of 1 or more"),
        ("ROTATE", "45", "EDGEDIGITS_ROTATE=45 is not one of 0, 90"),  # the message named no variable
    ],
)
def test_what_is_wrong_with_a_flag_or_variable_is_said(
    name: str,
    value: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Regression: the message spoke of an invalid share or count value of a flag that nobody had given."""
    for flags in ([f"--{name.lower()}", value], []):
        with pytest.raises(SystemExit):
            main(["predict", "page.png", *flags])
        said = told if not flags else told.partition("=")[2]
        assert f"argument --{name.lower()}: {said}" in capsys.readouterr().err
        monkeypatch.setenv(f"EDGEDIGITS_{name}", value)


@pytest.mark.parametrize("name", ["zwölf Äpfel.png", "数字.png", "a b'c.png", "#1?.png"])
def test_names_of_all_kinds(predict: Any, tmp_path: Path, name: str) -> None:
    try:
        save(tmp_path / name, page(2))
    except OSError:
        pytest.skip("this file system has no such names")
    assert predict(tmp_path / name, "--save", tmp_path / "drawn").out == "00\n"
    assert (tmp_path / "drawn" / name).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are mere bytes")
def test_a_name_that_no_encoding_knows(predict: Any, tmp_path: Path) -> None:
    save(tmp_path / "page\udcff.png", page(2))
    result = predict(tmp_path)
    assert result.code == 0
    assert result.out.endswith(": 00\n")
    assert json.loads(predict(tmp_path, "--json").out)["text"] == "00"
