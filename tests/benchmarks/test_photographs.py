"""How readings are scored, on made-up readings; and the real photographs, if they are available."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from edgedigits.errors import DataError
from edgedigits.results import Box, Digit, Reading
from edgedigits_bench.photographs import main
from edgedigits_bench.scoring import Score, Truth, edit_distance, overlap, score

BOXES: tuple[Box, ...] = ((0, 0, 10, 20), (20, 0, 10, 20), (0, 40, 10, 20))
TRUTH = Truth(("12", "3"), BOXES)


def reading(text: str, boxes: tuple[Box, ...]) -> Reading:
    labels = [int(letter) for letter in text.replace("\n", "")]
    digits = tuple(Digit(label, 1.0, (0.1,) * 10, box) for label, box in zip(labels, boxes, strict=True))
    return Reading(text, digits)


@pytest.mark.parametrize(
    ("text", "boxes", "found", "right", "extra", "edits"),
    [
        ("12\n3", BOXES, 3, 3, 0, 0),
        ("17\n3", BOXES, 3, 2, 0, 1),  # one misread
        ("1\n3", (BOXES[0], BOXES[2]), 2, 2, 0, 1),  # one missed
        ("123", BOXES, 3, 3, 0, 1),  # the line break is part of the text
        ("12\n3\n9", (*BOXES, (50, 50, 10, 20)), 3, 3, 1, 2),  # a box on nothing
        ("1\n3", ((0, 0, 30, 20), BOXES[2]), 1, 1, 1, 1),  # one box over two digits matches neither
        # Two boxes on one digit count as that digit and one extra.
        ("11\n3", (BOXES[0], (1, 0, 10, 20), BOXES[2]), 2, 2, 1, 1),
        ("", (), 0, 0, 0, 4),
        ("3\n12", (BOXES[2], BOXES[0], BOXES[1]), 3, 3, 0, 4),  # the wrong order costs only text
    ],
)
def test_score(text: str, boxes: tuple[Box, ...], found: int, right: int, extra: int, edits: int) -> None:
    result = score(reading(text, boxes), TRUTH)
    assert (result.found, result.right, result.extra, result.edits) == (found, right, extra, edits)
    assert result.perfect == (text == "12\n3")
    assert result.text_accuracy == max(0, 1 - edits / 4)


def test_any_name_is_right_for_an_ambiguous_digit() -> None:
    truth = Truth(("12", "3"), BOXES, frozenset({1}))
    assert score(reading("17\n3", BOXES), truth).perfect == 1
    assert score(reading("1\n3", (BOXES[0], BOXES[2])), truth).edits == 1  # but it must be there


@pytest.mark.parametrize(
    ("text", "right", "edits"),
    [
        ("12\n3", 3, 0),
        ("17\n3", 2, 1),
        ("7" * 50, 0, 50),  # no less than none is right, however much was read
    ],
)
def test_where_no_boxes_are_known_the_text_decides(text: str, right: int, edits: int) -> None:
    found = score(Reading(text, ()), Truth(("12", "3"), ()))
    assert (found.digits, found.found, found.right, found.edits) == (3, right, right, edits)


def test_scores_add_up() -> None:
    total = score(reading("12\n3", BOXES), TRUTH) + score(reading("", ()), TRUTH)
    assert total == Score(6, 3, 3, 0, 4, 8, 2, 1)
    assert total.to_dict()["right_rate"] == 0.5


@pytest.mark.parametrize(
    ("read", "expected", "distance"),
    [
        ("", "", 0),
        ("1", "", 1),
        ("kitten", "sitting", 3),
        ("4", "?", 0),
        ("\n", "?", 1),
        ("12", "1?3", 2 - 1),
    ],
)
def test_edit_distance(read: str, expected: str, distance: int) -> None:
    assert edit_distance(read, expected) == distance


def test_overlap() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (10, 0, 10, 10)) == 0


def test_command_scores_each_kind_of_folder(
    tmp_path: Path, tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank = cv2.imencode(".png", np.full((40, 60), 255, np.uint8))[1].tobytes()
    labels = {
        "pages": {"rows": ["5"], "boxes": [[1, 1, 5, 9]], "ambiguous_indices": []},
        "singles": {"label": 5},
        "negatives": {"content": "nothing"},
    }
    for name, label in labels.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(blank)
        (tmp_path / name / "labels.json").write_text(json.dumps([{"file": "a.png", **label}]), "utf-8")
    folders = [part for name in labels for part in ("--data", str(tmp_path / name))]
    assert main([*folders, "--model", str(tiny)]) == 0
    out, err = capsys.readouterr()
    totals = [result["total"] for result in json.loads(out).values()]
    assert (totals[0]["right"], totals[0]["digits"]) == (0, 1)
    assert totals[1] == {"digits": 1, "right": 0}
    assert totals[2] == {"pictures": 1, "reported": 0}
    assert "without mistake 0/1" in err


def test_no_labels(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(DataError, match=r"labels\.json"):
        main(["--data", str(tmp_path), "--model", str(tiny)])
    (tmp_path / "labels.json").write_text("{}", "utf-8")
    with pytest.raises(DataError, match="not a list"):
        main(["--data", str(tmp_path), "--model", str(tiny)])


def test_photographs_are_read(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(shared / "data" / "photos")]) == 0
    (result,) = json.loads(capsys.readouterr().out).values()
    total = result["total"]
    assert total["right_rate"] >= 0.97
    assert total["extra_rate"] <= 0.015
    assert total["text_accuracy"] >= 0.97
