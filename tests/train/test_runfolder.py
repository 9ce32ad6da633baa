"""What a run folder holds when a write fails half way: the file that was there before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgedigits_train.runfolder import BEST, HISTORY, RunFolder


class Unsaved:
    """A network whose file is cut off while it is written."""

    def save(self, path: Path) -> None:
        path.write_text("half")
        raise OSError("no space left on device")


@pytest.mark.parametrize(
    ("name", "write", "why"),
    [
        (
            HISTORY,
            lambda run: run.write_history([{"val_score": 0.9}, {"other": 1.0}]),
            "its length says where to go on",
        ),
        (BEST, lambda run: run.save_model(Unsaved(), BEST), "the best epoch may have been hours ago"),
        ("metrics.json", lambda run: run.write_json("metrics.json", {"a": b""}), "half an object is none"),
    ],
)
def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, name: str, write: Callable[[RunFolder], None], why: str
) -> None:
    (tmp_path / name).write_text("before")
    with pytest.raises((OSError, ValueError, TypeError)):
        write(RunFolder(tmp_path))
    assert (tmp_path / name).read_text() == "before", why
