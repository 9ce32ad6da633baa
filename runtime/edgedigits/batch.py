"""Read many pictures, in this process or in several; a bad picture does not stop the rest.

What a single picture does not need is imported where it is used: imports take half of the time of a short
command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Final

import cv2

from edgedigits.classifier import Classifier
from edgedigits.environment import ctrl_c_waits, end_with_parent
from edgedigits.errors import EdgeDigitsError, PictureError, SourceError
from edgedigits.inputs import Item
from edgedigits.pictures import MAX_BYTES, Picture, as_bytes, decode_picture, read_picture, write_new
from edgedigits.reader import Reader
from edgedigits.results import Reading

_CHUNK: Final = 8
"""Pictures sent to a worker at a time; enough that sending costs little compared with reading."""


@dataclass(frozen=True)
class Settings:
    """How each picture is read and what is written for it; the same in every process."""

    model: str | None = None
    threshold: float | None = None
    rotate: str = "0"
    single: bool = False
    debug: Path | None = None
    save: Path | None = None
    rejected: bool = False
    """Also draw the shapes that were judged not to be digits."""


@dataclass(frozen=True)
class Outcome:
    """The result for one picture: a reading or an error. A video that ends early adds one with `losses`."""

    source: str
    reading: Reading | None = None
    error: EdgeDigitsError | None = None
    """Why there is no reading."""
    saved: Path | None = None
    frame: int | None = None
    """Index of the frame, if the source is a video."""
    time: float | None = None
    """Seconds since the start of the video."""
    drawn: Picture | None = None
    """The annotated picture; None unless it was asked for, because pictures are large."""
    losses: tuple[EdgeDigitsError, ...] = ()
    """What is missing apart from the reading: a copy that could not be written, the rest of a video."""


class Worker:
    """A reader with its settings; each process has one."""

    def __init__(self, settings: Settings, *, keep_drawn: bool = False) -> None:
        # OpenCV's threads would compete with the other processes for the same cores.
        cv2.setNumThreads(1)
        self._settings = settings
        self._keep = keep_drawn
        classifier = Classifier.load(settings.model, threshold=settings.threshold)
        self._reader = Reader(classifier, rotate=settings.rotate)

    def outcomes(self, item: Item) -> Iterator[Outcome]:
        """Yield one outcome for a picture, or one for each frame of a video."""
        try:
            if item.kind == "video":
                from edgedigits.sources import frames

                told: list[str] = []
                for frame in frames(item.source, notice=told.append):
                    source, name = f"{item.source}#{frame.index}", f"{item.name}-{frame.index:06d}"
                    yield self._read(frame.image, source, name, frame.index, frame.time)
                if told:
                    remedy = "it may have been cut off while it was copied: copy it again"
                    yield Outcome(item.source, losses=tuple(SourceError(x, remedy=remedy) for x in told))
            else:
                yield self._read(_load(item), item.source, item.name)
        except EdgeDigitsError as error:
            yield Outcome(item.source, error=error)
        except (cv2.error, OSError) as error:
            yield Outcome(item.source, error=_unexpected(item.source, error))

    def _read(
        self,
        picture: Picture,
        source: str,
        name: str,
        frame: int | None = None,
        time: float | None = None,
    ) -> Outcome:
        settings = self._settings
        losses: list[EdgeDigitsError] = []
        saved = drawn = None
        try:
            reading = self._look(picture, source, settings.debug / name if settings.debug else None, losses)
            if settings.save or self._keep:
                from edgedigits.draw import annotate

                drawn = as_bytes(annotate(picture, reading, rejected=settings.rejected))
        except EdgeDigitsError as error:
            return Outcome(source, error=error, frame=frame, time=time)
        except (cv2.error, OSError, ValueError, ArithmeticError, LookupError, MemoryError) as error:
            return Outcome(source, error=_unexpected(source, error), frame=frame, time=time)
        if settings.save and drawn is not None:
            suffix = ".jpg" if frame is not None else _suffix(source)
            try:
                saved = write_new(settings.save / f"{name}{suffix}", drawn)
            except (EdgeDigitsError, OSError, cv2.error) as error:
                losses.append(_unwritten(source, "its annotated copy", "--save", error))
        kept = drawn if self._keep else None
        return Outcome(source, reading, None, saved, frame, time, kept, tuple(losses))

    def _look(
        self, picture: Picture, source: str, debug: Path | None, losses: list[EdgeDigitsError]
    ) -> Reading:
        read = self._reader.read_single if self._settings.single else self._reader.read
        try:
            return read(picture, debug)
        except OSError as error:  # only writing the stages touches files
            losses.append(_unwritten(source, "its debug pictures", "--debug", error))
            return read(picture)


def run(
    items: Iterable[Item | EdgeDigitsError], settings: Settings, *, jobs: int = 1, keep_drawn: bool = False
) -> Iterator[Outcome]:
    """Return the outcomes in the order of the items; up to `jobs` processes share the pictures.

    This process reads videos and stdin itself. Raises `ModelError` before anything is read.
    """
    items, worker = list(items), Worker(settings, keep_drawn=keep_drawn)
    jobs = min(jobs, sum(map(_is_picture, items)))  # more would have nothing to do
    if jobs <= 1:
        return (outcome for item in items for outcome in _here(worker, item))
    return _shared(items, worker, settings, jobs)


def _here(worker: Worker, item: Item | EdgeDigitsError) -> Iterator[Outcome]:
    if isinstance(item, Item):
        yield from worker.outcomes(item)
    else:
        yield Outcome("", error=item)


def _is_picture(item: Item | EdgeDigitsError) -> bool:
    return isinstance(item, Item) and item.kind == "picture"


def _shared(
    items: Sequence[Item | EdgeDigitsError], worker: Worker, settings: Settings, jobs: int
) -> Iterator[Outcome]:
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned, not forked: a fork would inherit onnxruntime's and OpenCV's locks without their threads.
    spawn = get_context("spawn")
    with ctrl_c_waits():
        pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_start, initargs=(settings,))
    try:
        for picture, group in groupby(items, _is_picture):
            if picture:
                pictures = list(group)
                chunk = max(1, min(_CHUNK, len(pictures) // jobs))
                # The processes start here. Only this process takes Ctrl-C, and then ends the others: it would
                # interrupt their imports, which come before `_start`.
                with ctrl_c_waits():
                    outcomes = pool.map(_read_picture, pictures, chunksize=chunk)
                yield from outcomes
            else:
                for item in group:
                    yield from _here(worker, item)
    except BrokenProcessPool as error:
        raise EdgeDigitsError(
            "a worker process died, and the rest was not read",
            expected=f"{jobs} processes that run to the end",
            received=str(error),
            remedy="if memory is short, use fewer processes (--jobs)",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_worker: Worker | None = None
_busy: Final = Lock()


def _start(settings: Settings) -> None:
    """Set up a spawned process, with a session of its own."""
    import signal

    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # for Windows, which cannot block it earlier
    end_with_parent(_busy)
    _worker = Worker(settings)


def _read_picture(item: Item) -> Outcome:
    if _worker is None:
        raise RuntimeError("_start did not run in this process")
    with _busy:
        return next(_worker.outcomes(item))


def _load(item: Item) -> Picture:
    if item.kind != "stdin":
        return read_picture(item.source)
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except (AttributeError, OSError) as error:  # stdin is missing or cannot be read
        raise PictureError(
            "stdin cannot be read",
            expected="a PNG or JPEG file",
            received="a closed stdin" if sys.stdin is None else str(error),
            remedy="for instance: edgedigits predict - < page.jpg",
        ) from error
    return decode_picture(data, "the picture on stdin")


def _suffix(source: str) -> str:
    return ".jpg" if source.lower().endswith((".jpg", ".jpeg")) else ".png"


def _unwritten(source: str, what: str, flag: str, error: Exception) -> EdgeDigitsError:
    return EdgeDigitsError(
        f"{source} was read, but {what} could not be written",
        expected="a writable folder with free space",
        received=error.strerror or str(error) if isinstance(error, OSError) else str(error).strip(),
        remedy=f"free some space, or choose another folder with {flag}",
    )


def _unexpected(source: str, error: Exception) -> EdgeDigitsError:
    return EdgeDigitsError(
        f"reading {source} failed",
        received=f"{type(error).__name__}: {str(error).strip()[:300]}",
        remedy="if other programs can open the picture, please report this and attach the picture",
    )
