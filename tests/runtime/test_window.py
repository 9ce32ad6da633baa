"""The window of `predict --show`, without a display."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits import window


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("zwölf 数字.png", "zwölf 数字.png"),
        ("page\udcff.png", "page?.png"),  # regression: OpenCV ended the process with a segmentation fault
    ],
)
def test_the_title_is_the_name_as_far_as_it_is_text(
    monkeypatch: pytest.MonkeyPatch, title: str, shown: str
) -> None:
    titles: list[str] = []
    answers: dict[str, Any] = {"getWindowProperty": 1.0, "waitKey": ord("a")}
    for name in ("namedWindow", "resizeWindow", "imshow", "getWindowProperty", "waitKey"):
        monkeypatch.setattr(cv2, name, lambda *_, name=name: answers.get(name))
    monkeypatch.setattr(cv2, "setWindowTitle", lambda _, title: titles.append(title))
    assert window.show(title, np.zeros((4, 4, 3), np.uint8))
    assert titles == [shown]
