"""The live view's picture and its window, with a stand-in for OpenCV's window functions."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from made_up import Pictures, by_brightness, digit, plain

from edgedigits.live import Watcher
from edgedigits.webcam.overlay import Status, around, compose, enlargement, figures
from edgedigits.webcam.tracking import Steady, Tracker


def test_the_window_hands_on_the_whole_code_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: `waitKey` cuts the code down to a byte, which makes Left a Q."""
    from edgedigits.webcam import liveview

    for name in ("namedWindow", "setMouseCallback", "resizeWindow", "imshow"):
        monkeypatch.setattr(liveview.cv2, name, lambda *_: None)
    monkeypatch.setattr(liveview.cv2, "waitKey", lambda _: 0xFF51 & 0xFF)
    monkeypatch.setattr(liveview.cv2, "waitKeyEx", lambda _: 0xFF51)
    monkeypatch.setattr(liveview.cv2, "getWindowProperty", lambda *_: 1.0)
    view = liveview.LiveView(Watcher(Pictures([]), by_brightness, Tracker()), snapshot=lambda *_: "")
    assert view.update(None, "")


@pytest.mark.parametrize("size", [(640, 480), (206, 206), (1920, 1080), (31, 17)])
def test_the_view_fits_every_frame(size: tuple[int, int]) -> None:
    image = np.full((size[1], size[0], 3), 200, np.uint8)
    box = (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2)
    steady = Steady("12\n" + "3" * 200, (digit(4, box),))
    status = Status(30, 10, {"read": 2.0}, 3, "q quit " * 40)
    view = compose(image, steady, status, region=box, selected=steady.digits[0], rejected=steady.digits)
    factor = enlargement(size[0])
    assert view.shape == (size[1] * factor + around(size[0] * factor, size[1] * factor), size[0] * factor, 3)
    assert size[0] * factor >= 600 or factor > 1
    assert (image == 200).all()


def test_the_figures_tell_what_differs_from_normal() -> None:
    usual = figures(Status(30, 12, {"read": 3.14, "draw": 1}))
    assert usual == "30 fps  age 12 ms  read 3.1  draw 1.0 ms"
    unusual = figures(Status(30, 12, {"read": 3.14}, overtaken=5, frozen=True, smoothing=False))
    assert all(word in unusual for word in ("5 dropped", "FROZEN", "not smoothed"))


@pytest.mark.parametrize("answer_when_closed", [0.0, -1.0, cv2.error("NULL guiReceiver")])
def test_closing_the_window_quits(
    monkeypatch: pytest.MonkeyPatch, answer_when_closed: float | cv2.error
) -> None:
    """The toolkits answer differently; Qt raises once its last window is gone."""
    from edgedigits.webcam import liveview

    visible: float | cv2.error = 1.0

    def property_of(*_: object) -> float:
        if isinstance(visible, cv2.error):
            raise visible
        return visible

    shown: list[np.ndarray] = []
    for name, answer in (
        ("namedWindow", lambda *_: None),
        ("setMouseCallback", lambda *_: None),
        ("resizeWindow", lambda *_: None),
        ("imshow", lambda _, picture: shown.append(picture)),
        ("waitKeyEx", lambda _: -1),
        ("getWindowProperty", property_of),
    ):
        monkeypatch.setattr(liveview.cv2, name, answer)
    watcher = Watcher(Pictures([plain(7)]), by_brightness, Tracker())
    view = liveview.LiveView(watcher, snapshot=lambda *_: "")
    assert view.update(None, "")
    assert view.update(None, "")
    assert view.update(None, "slow to open")
    assert len(shown) == 2, "a word while there is no frame yet, and again when there is another"
    (moment,) = (m for m in watcher.moments() if m is not None)
    assert view.update(moment, "")
    assert view.update(None, "camera 0 is lost"), "the picture stays while the camera is away"
    assert len(shown) == 4
    visible = answer_when_closed
    assert not view.update(None, "")
