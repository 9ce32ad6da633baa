"""The window of the live view: a thin shell of OpenCV calls around `Controls` and `overlay`."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import cv2

from edgedigits.live import Moment, Watcher
from edgedigits.results import Digit, Reading
from edgedigits.sources import Frame
from edgedigits.webcam import overlay
from edgedigits.webcam.controls import HELP, HELP_COLLECT, Controls
from edgedigits.webcam.tracking import Steady

TITLE: Final = "edgedigits"


class LiveView:
    """Shows moments; create and use it on the main thread, after `display.problem()` has returned ""."""

    def __init__(
        self,
        watcher: Watcher,
        *,
        snapshot: Callable[[Moment, Any], str],
        collect: Callable[[Moment, Digit, str], str] | None = None,
    ) -> None:
        self._watcher = watcher
        self._moment: Moment | None = None
        self.frame: Frame | None = None
        """The frame that is shown."""
        self._canvas: Any = None
        self._taken: deque[float] = deque(maxlen=31)
        self._draw_ms = 0.0
        self._factor, self._top = 1, 0
        self._waited_for: str | None = None
        """The trouble that the window shows while there is no frame yet; None before it shows any."""
        self.controls = Controls(
            snapshot=lambda: self._with_moment(lambda moment: snapshot(moment, self._canvas)),
            collect=None
            if collect is None
            else lambda digit, label: self._with_moment(lambda moment: collect(moment, digit, label)),
            region=watcher.region,
        )
        self.controls.message = HELP_COLLECT if collect else HELP
        # Qt warns about missing fonts on every start, though OpenCV draws the text itself.
        os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false")
        cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.setMouseCallback(TITLE, self._mouse)

    def update(self, moment: Moment | None, trouble: str, frame: Frame | None = None) -> bool:
        """Show the moment, or the last one again; False if the user wants to quit.

        `frame` is newer than the moment's, and is shown with what was read last.
        """
        self._moment = moment or self._moment
        frame = frame or (moment.frame if moment else None)
        if frame is not None and frame is not self.frame:
            if self.frame is None or frame.image.shape != self.frame.image.shape:
                self._fit(frame)
            self.frame = frame
            self._taken.append(time.monotonic())
        if self.frame is not None:
            self._draw(self.frame, self._moment, trouble)
        elif trouble != self._waited_for:
            self._waited_for = trouble
            self._wait(trouble)
        self.controls.key(cv2.waitKeyEx(1))
        self._watcher.region = self.controls.region
        self._watcher.smoothing = self.controls.smoothing
        self._watcher.frozen = self.controls.frozen
        return not self.controls.quit and _is_open()

    def close(self) -> None:
        """Close the window."""
        cv2.destroyAllWindows()

    def _draw(self, frame: Frame, moment: Moment | None, trouble: str) -> None:
        started = time.perf_counter()
        controls = self.controls
        if controls.frozen and moment is not None:
            frame = moment.frame  # the one that the boxes belong to
        controls.size = (frame.image.shape[1], frame.image.shape[0])
        reading = moment.reading if moment else Reading("", ())
        rejected = reading.rejected if controls.collecting else ()
        controls.shapes = (*reading.digits, *rejected)
        span = time.monotonic() - self._taken[0]
        stages = moment.stages_ms if moment else {}
        status = overlay.Status(
            fps=(len(self._taken) - 1) / span if span > 0 else 0,
            age_ms=1000 * (time.monotonic() - frame.arrived),
            stages_ms={**stages, "draw": self._draw_ms},
            overtaken=self._watcher.overtaken,
            message=controls.message,
            trouble=trouble,
            frozen=controls.frozen,
            smoothing=controls.smoothing,
        )
        self._canvas = overlay.compose(
            frame.image,
            moment.steady if moment else Steady("", ()),
            status,
            region=controls.dragged or controls.region,
            selected=controls.selected if controls.collecting else None,
            rejected=rejected,
        )
        cv2.imshow(TITLE, self._canvas)
        self._draw_ms = 1000 * (time.perf_counter() - started)

    def _wait(self, trouble: str) -> None:
        card = overlay.waiting(self._watcher.stream.name, trouble)
        cv2.resizeWindow(TITLE, card.shape[1], card.shape[0])
        cv2.imshow(TITLE, card)

    def _fit(self, frame: Frame) -> None:
        height, width = frame.image.shape[:2]
        self._factor = overlay.enlargement(width)
        wide, high = width * self._factor, height * self._factor
        self._top, tall = overlay.top_band(wide, high), high + overlay.around(wide, high)
        shrink = min(1.0, overlay.LARGEST[0] / wide, overlay.LARGEST[1] / tall)
        cv2.resizeWindow(TITLE, round(wide * shrink), round(tall * shrink))

    def _mouse(self, event: int, x: int, y: int, flags: int, _: object) -> None:
        x, y = x // self._factor, (y - self._top) // self._factor
        if event == cv2.EVENT_LBUTTONDOWN:
            self.controls.press(x, y)
        elif event == cv2.EVENT_MOUSEMOVE and flags & cv2.EVENT_FLAG_LBUTTON:
            self.controls.drag(x, y)
        elif event == cv2.EVENT_LBUTTONUP:
            self.controls.release(x, y)

    def _with_moment(self, action: Callable[[Moment], str]) -> str:
        return "nothing has been read yet" if self._moment is None else action(self._moment)


def _is_open() -> bool:
    try:
        return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error:  # Qt ends with its last window
        return False
