"""The tables of how well pages are read compare each figure with its target."""

from __future__ import annotations

from typing import Any

import pytest

from edgedigits_bench.perturbed import CHANGES
from edgedigits_bench.reading import markdown
from edgedigits_bench.scoring import Score


def record(**pages: int) -> dict[str, Any]:
    counts = {"digits": 133, "found": 133, "right": 132, "edits": 1, "characters": 141}
    good = Score(**{**counts, "pictures": 15, "perfect": 14, **pages})
    return {
        "sha256": "0123456789abcdef" * 4,
        "seed": 3,
        "photographs": {
            "photos": good.to_dict(),
            "singles": {"digits": 17, "right": 16},
            "negatives": {"pictures": 18, "reported": 2},
        },
        "perturbed": {
            **{name: Score(100, 99, 99, 1, 2, 110, 10, 9).to_dict() for name in CHANGES},
            "fold": Score(100, 90, 80, 1, 2, 110, 10, 9).to_dict(),
            "all": Score(2660, 2640, 2633, 8, 28, 2800, 300, 275).to_dict(),
        },
        "scenes": {"grid": Score(343, 341, 341, 2, 3, 350, 20, 19).to_dict()},
        "scenery": {"pictures": 60, "reported": 5, "with_any": 2},
    }


def line(text: str, start: str) -> str:
    return next(each for each in text.splitlines() if each.startswith(f"| {start}"))


def test_all_is_met_and_said_so() -> None:
    text = markdown(record())
    assert line(text, "digits found") == "| digits found and named rightly | 132 of 133 | ≥ 99 % | met |"
    assert line(text, "grid") == "| grid | 343 | 99.4 % | 0.6 % | 99.1 % | 19 of 20 |"
    assert "missed" not in text
    assert "sha256 `0123456789abcdef…`" in text
    assert "seed 3" in text
    assert "300 pictures with 2,660 digits: 99.0 % right, 0.3 % extra, text 99.0 %, 275 pictures" in text
    assert "The worst change is fold, with 80.0 % right." in text
    assert "60 drawn pictures of things without any writing: 5 boxes on no digit, in 2 of them." in text


def test_a_brief_report_names_the_hardest() -> None:
    made = record()
    rates = {"note": 99, "close": 80, "held": 90, "plain": 100, "dry": 85, "signs": 95, "words": 97}
    every = {name: Score(100, rate, rate, 1, 2, 110, 20, 15).to_dict() for name, rate in rates.items()}
    made["scenes"] = {**every, "all": Score(7000, 6500, 6460, 70, 140, 7700, 1400, 1050).to_dict()}
    text = markdown(made, brief=True)
    assert "1,400 drawn pages of 7 difficulties with 7,000 digits: 92.3 % right, 1.0 % extra" in text
    assert "are close (80.0 %), dry (85.0 %), held (90.0 %), signs (95.0 %), words (97.0 %)." in text
    assert "| close |" not in text


@pytest.mark.parametrize(
    ("counts", "what"),
    [
        ({"right": 131}, "digits found"),  # 98.5 %
        ({"edits": 3}, "text accuracy"),  # 97.9 %
        ({"extra": 2}, "boxes on no digit"),  # 1.5 %
        ({"perfect": 12}, "pictures without"),
    ],
)
def test_what_is_missed_is_called_missed(counts: dict[str, int], what: str) -> None:
    text = markdown(record(**counts))
    assert line(text, what).endswith("| missed |")
    assert text.count("missed") == 1


def test_letters_read_as_digits_are_told() -> None:
    bad = record()
    bad["photographs"]["negatives"]["reported"] = 3
    assert line(markdown(bad), "letters") == "| letters reported as digits | 3 of 18 | ≤ 15 % | missed |"
