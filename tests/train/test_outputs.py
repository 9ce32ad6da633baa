"""Where a command may write: a link is something that exists, even if it leads nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgedigits.errors import UsageError
from edgedigits_train.outputs import check_folder, free_name, require_free


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    """A link to a file on a disk that is not there."""
    link = tmp_path / "plot.png"
    link.symlink_to(tmp_path / "gone" / "plot.png")
    return link


def test_a_link_to_nowhere_is_no_folder(nowhere: Path) -> None:
    """Otherwise it would be found out at the end of the work, when the folder cannot be created."""
    for path in (nowhere, nowhere / "deeper"):
        with pytest.raises(UsageError, match=f"{nowhere}, which is not a folder"):
            check_folder(path)
    check_folder(nowhere.parent / "new" / "deeper")


def test_a_link_to_nowhere_is_a_file_that_is_replaced_only_by_force(nowhere: Path) -> None:
    """Written through, the picture would appear on the other disk."""
    with pytest.raises(UsageError, match=f"{nowhere} exists"):
        require_free([nowhere.parent / "free.png", nowhere], force=False)
    require_free([nowhere], force=True)


def test_a_link_to_nowhere_has_its_name(nowhere: Path) -> None:
    assert free_name(nowhere) == nowhere.parent / "plot-2.png"
