"""One run of `edgedigits webcam`: source, reader, tracker, window, and what is saved."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import cv2

from edgedigits.classifier import Classifier
from edgedigits.errors import EdgeDigitsError
from edgedigits.live import Moment, Watcher
from edgedigits.reader import Reader
from edgedigits.results import Digit, Reading
from edgedigits.sources import Image, Settings, is_live, open_source
from edgedigits.webcam.aside import Aside
from edgedigits.webcam.collect import Collection, Recorder, snapshot
from edgedigits.webcam.tracking import Tracker

if TYPE_CHECKING:
    from edgedigits.webcam.liveview import LiveView

_SAVE_EVERY: Final = 0.2
"""Least time in seconds between frames of which `--label` saves digits: neighbours are nearly the same."""


class Session:
    """Everything that the verb holds open; `close` releases it."""

    def __init__(self, args: argparse.Namespace, *, windowed: bool, say: Callable[[str], None]) -> None:
        threshold = args.threshold
        if args.label not in (None, "none") and threshold is None:
            threshold = 0.0  # what is to be taught may not pass for a digit yet
        cv2.setNumThreads(1)  # at a camera's sizes, handing over to threads costs more than it saves
        self._recorder = Recorder(Classifier.load(args.model, threshold=threshold))
        self._reader = Reader(self._recorder, rotate=args.rotate)
        self._collection = Collection(args.collect) if args.collect else None
        self._label, self._snapshots, self._say = args.label, args.snapshots, say
        self._saved_at = -_SAVE_EVERY
        self._live = is_live(args.source)
        stream = open_source(
            args.source,
            settings=Settings(args.size[0], args.size[1], args.fps, args.fourcc, args.backend),
            realtime=args.realtime or windowed,
            patience=args.patience,
            notice=say,
        )
        tracker = Tracker(stable=args.stable, forget=args.forget)
        self.watcher = Watcher(stream, self._read, tracker, region=args.roi)
        self.watcher.smoothing = not args.raw
        self._view = self._open_view() if windowed else None
        self._told = not self._live

    @property
    def saved(self) -> str:
        """What was collected, in words; "" if nothing was."""
        if self._collection is None or not self._collection.saved:
            return ""
        count = self._collection.saved
        return f"{count} {'frame' if count == 1 else 'frames'} saved in {self._collection.folder}"

    def moments(self) -> Iterator[Moment | None]:
        """Yield each moment, which is shown and saved on the way, until the source or the user ends it.

        Now and then yields None, so that the caller can attend to other things.
        """
        shown = self._shown(self._view) if self._view else self.watcher.moments()
        for moment in shown:
            if moment is not None:
                self._tell_granted()
                if self._label and self._collection:
                    self._save_all(moment, self._collection)
            yield moment

    def _shown(self, view: LiveView) -> Iterator[Moment | None]:
        watcher = self.watcher
        if not self._live:  # every frame of a file is read, and shown with what was read in it
            for moment in watcher.moments():
                yield moment
                if not view.update(moment, watcher.stream.trouble):
                    return
            return
        aside = Aside(watcher.look)
        going = True
        try:
            while going and not watcher.stream.ended:
                frame = watcher.next_frame()
                if frame is not None:
                    aside.offer(frame)
                watcher.skipped = aside.skipped
                going = view.update(None, watcher.stream.trouble, frame)
                for moment in aside.finished():
                    yield moment
                    going = view.update(moment, watcher.stream.trouble, frame or view.frame) and going
                yield None
        finally:
            aside.close()

    def close(self) -> bool:
        """Release the window and the source; False if the driver hangs."""
        if self._view is not None:
            self._view.close()
        return self.watcher.stream.close()

    def _open_view(self) -> LiveView:
        from edgedigits.webcam.liveview import LiveView

        collect = self._save_one if self._collection and not self._label else None
        view = LiveView(self.watcher, snapshot=self._snapshot, collect=collect)
        view.controls.smoothing = self.watcher.smoothing
        return view

    def _read(self, picture: Image) -> Reading:
        self._recorder.begin()
        return self._reader.read(picture)

    def _tell_granted(self) -> None:
        if not self._told:
            self._say(f"{self.watcher.stream.name} gives {self.watcher.stream.granted}")
            self._told = True

    def _save_all(self, moment: Moment, collection: Collection) -> None:
        """Save what is announced and was read in this very frame, a few times a second."""
        if moment.frame.time - self._saved_at < _SAVE_EVERY:
            return
        announced = {digit.box for digit in moment.steady.digits}
        for digit in moment.reading.digits:
            frame = self._recorder.frame_of(digit) if digit.box in announced else None
            if frame is not None:
                collection.save(frame, self._label)
                self._saved_at = moment.frame.time

    def _save_one(self, moment: Moment, digit: Digit, label: str) -> str:
        assert self._collection is not None
        frame = self._recorder.frame_of(digit)
        if frame is None:
            return "this shape has no frame that can be saved"
        path = self._collection.save(frame, label)
        return f"saved as {label}: {path}" if path else "this frame is already saved"

    def _snapshot(self, moment: Moment, canvas: Any) -> str:
        frames = [(digit.label, self._recorder.frame_of(digit)) for digit in moment.reading.digits]
        crops = [(label, frame) for label, frame in frames if frame is not None]
        result = moment.to_dict(self.watcher.stream.name)
        try:
            folder = snapshot(self._snapshots, moment.frame.image, canvas, result, crops)
        except EdgeDigitsError as error:
            return error.what
        return f"saved in {folder}"
