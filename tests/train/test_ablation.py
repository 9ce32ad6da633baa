"""The ablation: each variant leaves out what its name says, and the table shows differences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgedigits.errors import DataError
from edgedigits_train.mix.degrade import FAMILIES
from edgedigits_train.recipe import Recipe
from edgedigits_train.reports import ablation


def test_each_family_is_left_out_once() -> None:
    variants = ablation.variants()
    for name in FAMILIES:
        recipe, taught = variants[f"without {name}"]
        assert set(recipe.mix.families) == set(FAMILIES) - {name}
        assert not taught
    assert variants["without moving the digit"][0].mix.geometry == 0
    assert variants["without digits from pages"][0].pages == 0
    assert variants["without outliers"][0].classes == 10
    assert variants["with a teacher"][1]


def record(seed: int, clean: float, without_blur: float) -> dict[str, object]:
    def row(value: float) -> dict[str, float]:
        return dict.fromkeys(ablation.COLUMNS, value) | {"seconds": 1}

    return {"seed": seed, "variants": {"the whole mix": row(clean), "without blur": row(without_blur)}}


def test_table_gives_differences_within_a_seed() -> None:
    """Relative to the mean of all seeds, the spread between seeds would look like an effect."""
    lines = ablation.markdown([record(1, 99.0, 98.0), record(2, 98.0, 97.2)]).splitlines()
    assert lines[2].startswith("| the whole mix | 98.50 (±0.50) |")
    assert lines[3].startswith("| without blur | -0.90 (±0.10) |")
    assert len(lines) == 6
    assert lines[-1].endswith("seeds 1, 2.")


def test_a_file_of_another_seed_is_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(record(1, 99.0, 98.0)), "utf-8")
    with pytest.raises(DataError, match="another seed"):
        ablation.run(path, None, 2, None)


@pytest.mark.parametrize(
    ("teachers", "trained"),
    [
        ([], len(ablation.variants()) - 2),  # the variant with a teacher is left out
        ([Path("a.onnx")], len(ablation.variants()) - 1),
    ],
)
def test_what_a_file_lacks_is_trained_with_its_seed_and_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, teachers: list[Path], trained: int
) -> None:
    """Each variant takes minutes, so a second command goes on after the last that is in the file."""
    path = tmp_path / "one.json"
    first = {"seed": 7, "variants": {"the whole mix": {"clean": 99.0}}}
    path.write_text(json.dumps(first), "utf-8")
    asked: list[tuple[int, bool, bool]] = []

    def train(recipe: Recipe, data: object, teachers: Sequence[Path], *, averaged: bool) -> dict[str, float]:
        assert len(json.loads(path.read_text("utf-8"))["variants"]) == 1 + len(asked)
        asked.append((recipe.seed, bool(teachers), averaged))
        return {"clean": 98.76543}

    monkeypatch.setattr(ablation, "train", train)
    ablation.run(path, None, 7, teachers)
    written = json.loads(path.read_text("utf-8"))["variants"]
    assert written["the whole mix"] == {"clean": 99.0}
    assert written["without blur"]["clean"] == 98.765
    assert len(asked) == len(written) - 1 == trained
    assert {seed for seed, *_ in asked} == {7}
    assert [sum(each) for each in zip(*asked, strict=True)][1:] == [len(teachers), 1]
