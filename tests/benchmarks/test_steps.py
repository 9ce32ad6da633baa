"""The ablation of the reader: each step is really left out, and the table shows what was lost."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits import Classifier, Reader
from edgedigits_bench.steps import STEPS, THINGS, WHOLE, markdown, without


def resolved(name: str) -> Any:
    """Return the function of `edgedigits` with this dotted name."""
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(import_module(f"edgedigits.{module}"), attribute)
    except ModuleNotFoundError:
        return getattr(resolved(module), attribute)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_left_out_and_comes_back(step: str) -> None:
    before = {name: resolved(name) for name in STEPS[step]}
    with without(step):
        assert {name: resolved(name) for name in STEPS[step]} == STEPS[step]
    assert {name: resolved(name) for name in STEPS[step]} == before


def test_every_step_can_be_left_out_of_a_page() -> None:
    """Replacements take the same arguments as the functions they replace."""
    page = np.full((240, 320), 225, np.uint8)
    for y in (85, 112, 139):
        cv2.line(page, (0, y), (319, y), 110, 2)
    for left, digit in enumerate("17452"):
        cv2.putText(page, digit, (20 + 55 * left, 110), cv2.FONT_HERSHEY_SIMPLEX, 2, 40, 5)
    cv2.rectangle(page, (20, 160), (120, 230), 60, 3)
    reader = Reader(Classifier.load())
    whole = reader.read(page).text
    for step in STEPS:
        with without(step):
            reader.read(page)
    assert reader.read(page).text == whole
    with without("`signs.strays`"):
        assert reader.read(page).text == f"{whole}\n0"  # the box is read as a 0


def test_the_table_tells_what_goes_with_a_step() -> None:
    step = "`signs.ticks`"
    scores = {
        name: {
            "digits": 1000,
            "pages": 20,
            "steps": {WHOLE: [990, 2, 15]} | {each: [990, 2, 15] for each in STEPS},
        }
        for name in ("plain", "blanks", "boxed")
    }
    scores["blanks"]["steps"][step] = [980, 52, 4]
    scores["plain"]["steps"][step] = [991, 2, 16]
    things = {WHOLE: 1} | dict.fromkeys(STEPS, 1) | {step: 0}
    record = {"seed": 3, "sha256": "0123456789abcdef0123", "scores": scores, THINGS: things}
    lines = markdown(record).splitlines()
    assert "| with all steps | 2,970 of 3,000 | 6 | 45 of 60 | | 1 |" in lines
    assert f"| without {step} | -9 | +50 | -10 | blanks -11 | -1 |" in lines
    assert "| without `signs.points` | 0 | 0 | 0 |  | 0 |" in lines
