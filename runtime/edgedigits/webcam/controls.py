"""What keys and mouse do to the live view: plain state, without a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from edgedigits.results import Box, Digit

HELP: Final = "q quit  space freeze  s snapshot  t smoothing  drag region  r no region"
HELP_COLLECT: Final = "click a shape, then press 0-9 or n (no digit) to save it"
_CLICK: Final = 6
"""Pixels: a drag shorter than this is a click."""
_LEAST_REGION: Final = 16
_ESCAPE: Final = (27, 0xFF1B)
"""The second is X's keysym for it, which not every toolkit translates."""


class Controls:
    """The state that the user changes; the window calls `key` and the mouse methods."""

    def __init__(
        self,
        *,
        snapshot: Callable[[], str],
        collect: Callable[[Digit, str], str] | None = None,
        region: Box | None = None,
    ) -> None:
        """`snapshot` and `collect` do the saving and return what to tell the user."""
        self.quit = False
        self.frozen = False
        self.smoothing = True
        self.region = region
        self.message = ""
        self.shapes: Sequence[Digit] = ()
        """The shapes that can be selected at the moment."""
        self.size = (0, 0)
        """Width and height of the picture, to which a region is clipped."""
        self._picked: tuple[float, float] | None = None
        self._anchor: tuple[int, int] | None = None
        self.dragged: Box | None = None
        """The region while it is being drawn."""
        self._snapshot, self._collect = snapshot, collect

    @property
    def collecting(self) -> bool:
        """Whether digits can be labelled."""
        return self._collect is not None

    @property
    def selected(self) -> Digit | None:
        """The shape that a label key applies to: the one nearest to the last click, or to the middle."""
        if not self.shapes:
            return None
        x, y = self._picked or (self.size[0] / 2, self.size[1] / 2)
        return min(self.shapes, key=lambda shape: _distance(shape.box, x, y))

    def key(self, code: int) -> None:
        """Handle a key code of `cv2.waitKeyEx`; -1 is no key.

        `cv2.waitKey` would cut the X keysyms of the arrows, 0xFF51 to 0xFF54, to the letters Q, R, S and T.
        """
        if code < 0:
            return
        key = code & 0xFFFF  # above are modifiers or, on Windows, a special key with 0 below
        if key in _ESCAPE:
            self.quit = True
            return
        if key > 0xFF:
            return
        name = chr(key).lower()
        if name == "q":
            self.quit = True
        elif name in " p":
            self.frozen = not self.frozen
            self.message = "frozen: space resumes" if self.frozen else ""
        elif name == "s":
            self.message = self._snapshot()
        elif name == "t":
            self.smoothing = not self.smoothing
            self.message = f"smoothing {'on' if self.smoothing else 'off'}"
        elif name == "r":
            self.region = None
            self.message = "reading the whole picture"
        elif name.isdecimal() or name == "n":
            self._label(name)

    def _label(self, name: str) -> None:
        if self._collect is None:
            self.message = "start with --collect DIR to save corrections"
        elif self.selected is None:
            self.message = "there is no shape to label"
        else:
            self.message = self._collect(self.selected, "none" if name == "n" else name)

    def press(self, x: int, y: int) -> None:
        """Handle the left button going down."""
        self._anchor = (x, y)

    def drag(self, x: int, y: int) -> None:
        """Handle the mouse moving."""
        if self._anchor is not None and max(abs(x - self._anchor[0]), abs(y - self._anchor[1])) >= _CLICK:
            self.dragged = self._clip(*self._anchor, x, y)

    def release(self, x: int, y: int) -> None:
        """Handle the left button going up: a drag sets the region, a click selects."""
        if self._anchor is None:
            return
        self.drag(x, y)
        if self.dragged is None:
            self._picked = (x, y)
        elif min(self.dragged[2:]) >= _LEAST_REGION:
            self.region = self.dragged
            self.message = "reading only the region: r for the whole picture"
        self._anchor = self.dragged = None

    def _clip(self, x0: int, y0: int, x1: int, y1: int) -> Box:
        left, right = sorted((min(max(x0, 0), self.size[0]), min(max(x1, 0), self.size[0])))
        top, bottom = sorted((min(max(y0, 0), self.size[1]), min(max(y1, 0), self.size[1])))
        return left, top, right - left, bottom - top


def _distance(box: Box, x: float, y: float) -> float:
    left, top, width, height = box
    across = max(left - x, 0, x - left - width)
    down = max(top - y, 0, y - top - height)
    # Inside several boxes, the one whose centre is closest is meant.
    centre = abs(left + width / 2 - x) + abs(top + height / 2 - y)
    return float(across + down + 0.001 * centre)
