"""Turn flickering readings into steady ones: follow digits over frames, announce those that stay.

Everything here works on `Reading`s and their times, without a model or a camera. All times are seconds of the
source's clock, so that a slow camera and a fast one behave alike.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edgedigits.results import Digit, Reading
from edgedigits.webcam.layout import Layout, merge
from edgedigits.webcam.matching import common_motion, match
from edgedigits.webcam.track import LEAST_SIGHTINGS, Track, is_cut, moved

SETTLED: Final = 0.6
"""Least mean probability with which a label is announced."""
CHANGED: Final = 0.75
"""Least mean probability with which another label replaces the announced one; higher, so that nothing
flickers."""
PRESENT: Final = 0.6
"""Least share of the frames in which a shape must have been read as a digit."""
_TOGETHER: Final = 0.1
"""Longest time in seconds for which a digit waits to be announced together with others of its page."""
_SAME_PAGE: Final = 0.64
"""Least share of what is seen, or of what was announced if that is less, that both have in common."""
_IN_PLACE: Final = 0.3
"""What a digit counts towards it that is where one was announced, but is read as another one."""


@dataclass(frozen=True)
class Steady:
    """What is announced at one moment."""

    text: str
    """The lines in reading order, separated by newlines."""
    digits: tuple[Digit, ...]
    """In reading order; labels and confidences are smoothed, boxes those of the frame."""


class Tracker:
    """Follows digits over frames; not for use from several threads.

    A digit is announced once it has been seen for `stable` seconds, kept through misses, and dropped after
    `forget` seconds without a sighting. A digit that touches the picture's edge is cut off, and counts as
    gone.
    """

    def __init__(self, *, stable: float = 0.3, forget: float = 0.5) -> None:
        self.stable = stable
        self.forget = forget
        self._tracks: list[Track] = []
        self._times: deque[float] = deque()
        self._motion = np.zeros(2)
        self._layout: Layout[Track] = []
        self._differs: float | None = None
        """The time since which the tracks have wanted another layout; None while they do not."""
        self._next: Tracker | None = None
        """Follows what is in view since it looked like another page; None while it does not."""
        self._next_since = 0.0

    def restart(self) -> None:
        """Drop every digit, because nothing in the next picture need be where it was."""
        self.__init__(stable=self.stable, forget=self.forget)  # type: ignore[misc]

    def update(self, reading: Reading, time: float) -> Steady:
        """Take the reading of a frame, `time` seconds into the source; return what is announced."""
        if self._times and time < self._times[-1]:
            self.restart()
        self._times.append(time)
        while self._times[0] < time - max(self.stable, self.forget):
            self._times.popleft()
        seen = self._follow(reading, time)
        self._tracks = [track for track in self._tracks if not self._gone(track, reading.size, time)]
        if (steady := self._turn_page(reading, len(seen), time)) is not None:
            return steady
        for track in self._tracks:
            self._judge(track, time)
        self._drop_last_scene(time)
        self._arrange(reading, seen, time)
        return self._steady()

    def _turn_page(self, reading: Reading, seen: int, time: float) -> Steady | None:
        """Return what is announced while another page seems to be in view, or None.

        After a cut some digits match old ones by chance. So the new page gets a tracker of its own,
        which takes over once it announces something. Until then the old text stays, but not for longer than
        `forget` seconds.
        """
        if self._is_other_page(seen, time):
            if self._next is None:
                self._next, self._next_since = Tracker(stable=self.stable, forget=self.forget), time
        elif seen:
            self._next = None
        if self._next is None:
            return None
        steady = self._next.update(reading, time)
        if not steady.text and time - self._next_since < self.forget:
            return self._steady()
        vars(self).update(vars(self._next))
        return steady

    def _is_other_page(self, seen: int, time: float) -> bool:
        """Return whether too few of the digits seen now are those that were announced.

        Either side may have more: a hand covers digits, and new ones are written.
        """
        told = [track for row in self._layout for track in row]
        there = [track for track in told if track.last == time]
        common = sum(1 if track.digit.label == track.announced else _IN_PLACE for track in there)
        return max(len(told), seen) > 1 and common < _SAME_PAGE * min(len(told), seen)

    def _follow(self, reading: Reading, time: float) -> dict[int, Track]:
        """Match digits to tracks; return the track of each digit by its index in the reading."""
        boxes = [track.digit.box for track in self._tracks]
        labels = [track.digit.label for track in self._tracks]
        self._motion = common_motion(boxes, labels, reading.digits, self._motion)
        pairs = match(boxes, labels, reading.digits, self._motion)
        seen: dict[int, Track] = {}
        matched = set()
        for index, digit in enumerate(reading.digits):
            cut = is_cut(digit.box, reading.size)
            place = pairs.get(index)
            if place is None:
                if cut:
                    continue
                track = Track(digit, time, time)
                self._tracks.append(track)
            else:
                track = self._tracks[place]
                matched.add(place)
            if cut:
                track.cut_since = time if track.cut_since is None else track.cut_since
                track.digit = replace(track.digit, box=digit.box)
                continue
            track.see(digit, time, self.stable)
            seen[index] = track
        for place, track in enumerate(self._tracks[: len(boxes)]):
            if place not in matched:
                track.digit = replace(track.digit, box=moved(track.digit.box, self._motion))
                if is_cut(track.digit.box, reading.size):
                    track.last = -np.inf  # it left the picture between two frames
        return seen

    def _gone(self, track: Track, size: tuple[int, int], time: float) -> bool:
        if time - track.last > self.forget:
            return True
        if track.cut_since is not None and time - track.cut_since >= min(self.stable, self.forget):
            return True
        x, y, width, height = track.digit.box
        outside = x + width <= 0 or y + height <= 0 or x >= size[0] or y >= size[1]
        return outside and size != (0, 0)

    def _judge(self, track: Track, time: float) -> None:
        """Announce the track, or change its label, if the sightings support it."""
        if track.last != time:
            return
        if track.announced is None:
            if time - track.first < self.stable or (len(track.sightings) < 2 and self.stable):
                return
            frames = sum(1 for at in self._times if at >= max(track.first, time - self.stable))
            sightings, mean = track.recent(time - self.stable)
            leader = int(mean.argmax())
            if sightings >= PRESENT * frames and mean[leader] >= SETTLED:
                track.announced = leader
        elif track.digit.label != track.announced and len(track.sightings) >= LEAST_SIGHTINGS:
            leader = int(track.total.argmax())
            if track.total[leader] >= CHANGED * len(track.sightings):
                track.announced = leader

    def _drop_last_scene(self, time: float) -> None:
        """Drop what was last seen before everything that is in view now appeared."""
        in_view = [
            track.first for track in self._tracks if track.announced is not None and track.last == time
        ]
        if in_view:
            self._tracks = [track for track in self._tracks if track.last >= min(in_view)]

    def _arrange(self, reading: Reading, seen: dict[int, Track], time: float) -> None:
        """Put the announced tracks in order; a change of order alone must last before it counts."""
        current: Layout[Track] = []
        line = -1
        for index, digit in enumerate(reading.digits):
            track = seen.get(index)
            if track is None or track.announced is None:
                continue
            if digit.line != line:
                current.append([])
                line = digit.line
            current[-1].append(track)
        alive = [[t for t in row if t in self._tracks and t.announced is not None] for row in self._layout]
        wanted = merge([row for row in alive if row], current)
        if wanted == self._layout:
            self._differs = None
            return
        self._differs = time if self._differs is None else self._differs
        if not self._waits(wanted, time, time - self._differs):
            self._layout, self._differs = wanted, None

    def _waits(self, wanted: Layout[Track], time: float, waited: float) -> bool:
        """Return whether a change is held back, because it may not last or a larger one is under way.

        Digits that vanish or appear together are announced together: a page that is pulled away does not lose
        its digits one by one.
        """
        before, after = ({id(track) for row in layout for track in row} for layout in (self._layout, wanted))
        if before == after:
            return waited < self.stable
        if after < before:
            others_missing = any(track.last != time for row in wanted for track in row)
            return others_missing and waited < self.forget
        others_coming = any(
            track.announced is None and track.last == time and time - track.first >= self.stable / 2
            for track in self._tracks
        )
        return others_coming and waited < _TOGETHER

    def _steady(self) -> Steady:
        digits = []
        for line, row in enumerate(self._layout):
            for track in row:
                assert track.announced is not None
                mean = (track.total / len(track.sightings)).tolist()
                digit = track.digit
                digits.append(
                    Digit(
                        track.announced,
                        mean[track.announced],
                        tuple(mean),
                        digit.box,
                        digit.digit_score,
                        line,
                        digit.uncertain_split,
                    )
                )
        rows = ["".join(str(track.announced) for track in row) for row in self._layout]
        return Steady("\n".join(rows), tuple(digits))
