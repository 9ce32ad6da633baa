"""Files, folders, patterns, videos and stdin become one flat list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits.inputs import Item, expand, is_one_picture


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the kinds of files that a camera and two operating systems leave in one."""
    monkeypatch.chdir(tmp_path)
    Path("pages", "more").mkdir(parents=True)
    names = (
        "b.png",
        "a.JPG",
        "10.jpeg",
        "9.png",
        "labels.json",
        "._b.png",
        "clip.mp4",
        "more/c.png",
        "[x].png",
    )
    for name in names:
        Path("pages", name).touch()
    return Path("pages")


def sources(*named: str) -> list[str]:
    return [item.source if isinstance(item, Item) else f"error: {item.what}" for item in expand(named)]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        # A folder: its own pictures by name; no hidden files, no videos, no subfolders.
        (["pages"], ["pages/10.jpeg", "pages/9.png", "pages/[x].png", "pages/a.JPG", "pages/b.png"]),
        (["pages/"], ["pages/10.jpeg", "pages/9.png", "pages/[x].png", "pages/a.JPG", "pages/b.png"]),
        # A quoted pattern: sorted, whatever the file system's order.
        (["pages/*.png"], ["pages/9.png", "pages/[x].png", "pages/b.png"]),
        (["pages/**/*.png"], ["pages/9.png", "pages/[x].png", "pages/b.png", "pages/more/c.png"]),
        (["**/c.png"], ["pages/more/c.png"]),
        (["./p*/**/m*/**"], ["./pages/more/c.png"]),
        (["pages/?.png"], ["pages/9.png", "pages/b.png"]),
        # A file whose name looks like a pattern.
        (["pages/[x].png"], ["pages/[x].png"]),
        # Order as given, and twice where it is named twice.
        (["pages/b.png", "-", "pages/b.png"], ["pages/b.png", "-", "pages/b.png"]),
        # A missing file is reported when it is opened, in its place among the others.
        (["nowhere.png"], ["nowhere.png"]),
        (["pages/*.bmp", "pages/b.png"], ["error: there is nothing to read in pages/*.bmp", "pages/b.png"]),
    ],
)
def test_order(folder: Path, named: list[str], expected: list[str]) -> None:
    assert sources(*named) == expected


@pytest.mark.parametrize("pattern", ["**/*.png", "{}/**/*.png"])
def test_links_that_lead_back_are_followed_once(folder: Path, pattern: str) -> None:
    """Regression: one such link gave each picture 41 times, and two gave no end of them."""
    (folder / "more" / "back").symlink_to("..")
    found = sources(pattern.format(folder.resolve()))
    assert [Path(one).name for one in found] == ["9.png", "[x].png", "b.png", "c.png"]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that may not be entered, and one with a picture and a link into the first."""
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "a.png").touch()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "b.png").touch()
    (tmp_path / "open" / "a.png").symlink_to("../closed/a.png")
    (tmp_path / "closed").chmod(0)
    if os.access(tmp_path / "closed", os.X_OK):
        pytest.skip("root may open everything")
    yield tmp_path
    (tmp_path / "closed").chmod(0o700)


def test_what_may_not_be_looked_at_is_left_to_the_reading(closed: Path) -> None:
    """Regression: it ended the command before anything was read; reported on opening, only it is lost."""
    assert sources(f"{closed}/open/*.png") == [f"{closed}/open/{name}" for name in ("a.png", "b.png")]
    assert is_one_picture([f"{closed}/closed/a.png"])


def test_a_name_that_is_too_long_is_left_to_the_reading() -> None:
    """Regression: it ended the command with the system's own message."""
    assert not is_one_picture(["a" * 300])
    assert sources("a" * 300) == ["a" * 300]


def test_a_folder_of_folders_says_how_to_reach_them(folder: Path) -> None:
    """Regression: the message said that there was one other file."""
    (folder.parent / "my scans" / "old").mkdir(parents=True)
    (found,) = expand([str(folder.parent / "my scans")])
    assert isinstance(found, EdgeDigitsError)
    assert found.received == "0 other files and 1 folder"
    assert found.remedy.endswith("edgedigits predict 'my scans/**/*.jpg'")


def test_a_folder_without_pictures_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    (found,) = expand([str(tmp_path)])
    assert isinstance(found, EdgeDigitsError)
    assert found.received == "1 other file"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may list every folder")
def test_a_folder_that_may_not_be_listed_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        (found,) = expand([str(tmp_path)])
    finally:
        tmp_path.chmod(0o700)
    assert isinstance(found, EdgeDigitsError)


@pytest.mark.parametrize(
    ("source", "kind"),
    [("a.mp4", "video"), ("a.AVI", "video"), ("a.png", "picture"), ("scan", "picture"), ("-", "stdin")],
)
def test_kinds(source: str, kind: str) -> None:
    (found,) = expand([source])
    assert isinstance(found, Item)
    assert found.kind == kind


@pytest.mark.parametrize(
    ("source", "named", "remedy"),
    [
        ("0", "0", "webcam --source 0"),  # a camera, as `webcam` takes it
        ("/dev/video99", "/dev/video99", "webcam --source /dev/video99"),  # one that is not plugged in
        ("rtsp://me:secret@host/a", "rtsp://host/a", "webcam --source ADDRESS"),  # no password in a log
        ("https://host/a.jpg", "https://host/a.jpg", "curl -s ADDRESS | edgedigits predict -"),  # a picture
        ("http://host/a?key=1", "http://host/a?…", "curl"),  # not a pattern, although it has a ?
        ("https://host/a.mp4", "https://host/a.mp4", "webcam --source ADDRESS"),  # a video
    ],
)
def test_cameras_and_addresses_are_not_files(source: str, named: str, remedy: str) -> None:
    """Regression: an address was shown with one slash, as a path that does not exist."""
    (found,) = expand([source])
    assert isinstance(found, EdgeDigitsError)
    assert found.what == f"{named} is not a file"
    assert remedy in found.remedy


def test_a_file_may_be_called_as_a_camera_is(folder: Path) -> None:
    Path("0").touch()
    Path("http:").mkdir()
    Path("http:/page.png").touch()
    assert sources("0", "http://page.png", "/dev/null") == ["0", "http://page.png", "/dev/null"]


def test_names_for_what_is_made_are_unique_whatever_the_case() -> None:
    named = ["x/page.png", "y/page.jpg", "z/PAGE.png", "page-2.png", "-", "-"]
    names = [item.name for item in expand(named) if isinstance(item, Item)]
    assert names == ["page", "page-2", "PAGE-3", "page-2-2", "stdin", "stdin-2"]


def test_a_null_byte_is_a_missing_file() -> None:
    assert sources("a\0b.png") == ["a\0b.png"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
def test_a_pipe_is_no_video(tmp_path: Path) -> None:
    """Regression: the message said that the path does not exist."""
    os.mkfifo(tmp_path / "clip.mp4")
    (found,) = expand([str(tmp_path / "clip.mp4")])
    assert isinstance(found, EdgeDigitsError)
    assert found.received == "a pipe or a device"


def test_one_picture(folder: Path) -> None:
    assert is_one_picture(["pages/b.png"])
    assert is_one_picture(["-"])
    for several in (["pages"], ["pages/*.png"], ["pages/b.png", "-"], ["pages/clip.mp4"]):
        assert not is_one_picture(several)
