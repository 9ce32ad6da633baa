"""Measure the live view: `python -m edgedigits_bench.live clips|score|cost`.

`clips` scores generated clips, `score CLIP LABELS` a real one against its timeline, and `cost` measures CPU
time and memory of the whole loop in a process of its own. `edgedigits bench --live` runs `cost`, and with
--data `clips` too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy.typing as npt

from edgedigits import Classifier, Reader
from edgedigits.errors import EdgeDigitsError
from edgedigits.live import Moment, Watcher
from edgedigits.sources import Frame, Stream, open_source
from edgedigits.webcam.tracking import Tracker
from edgedigits_bench.live import clips, cost
from edgedigits_bench.live.score import Event, Score, score


class Played:
    """Frames at hand, played as a `Stream`."""

    name, granted, trouble = "generated", "", ""
    overtaken = 0

    def __init__(self, images: Iterable[clips.Picture], fps: float) -> None:
        self.ended = False
        self._images = iter(images)
        self._fps, self._index = fps, 0

    def take(self, timeout: float) -> Frame | None:
        """Return the next frame at once."""
        image = next(self._images, None)
        if image is None:
            self.ended = True
            return None
        self._index += 1
        return Frame(image, self._index - 1, (self._index - 1) / self._fps, 0.0)

    def close(self) -> bool:
        """Do nothing: there is nothing to close."""
        return True


def watch(stream: Stream, reader: Reader, tracker: Tracker, *, smoothing: bool = True) -> list[Event]:
    """Return every announcement over the stream, made by the same loop as in `edgedigits webcam`."""
    watcher = Watcher(stream, reader.read, tracker)
    watcher.smoothing = smoothing
    moments: list[Moment] = [m for m in watcher.moments() if m is not None and m.changed]
    return [Event(moment.frame.time, moment.steady.text) for moment in moments]


def main(argv: list[str] | None = None) -> int:
    """Run one of the three subcommands."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.live", description=__doc__)
    parser.add_argument("--model", help="an .onnx file (default: the packaged one)")
    parser.add_argument("--stable", type=float, default=0.3)
    parser.add_argument("--forget", type=float, default=0.5)
    parser.add_argument("--raw", action="store_true", help="without smoothing, for comparison")
    what = parser.add_subparsers(dest="what", required=True)
    generated = what.add_parser("clips", help="score generated clips")
    generated.add_argument("--data", type=Path, required=True, help="MNIST (.npz or folder)")
    generated.add_argument("--seeds", type=int, default=3)
    real = what.add_parser("score", help="score a real clip")
    real.add_argument("clip", type=Path)
    real.add_argument("labels", type=Path, help="labels.json with a timeline in frames")
    loop = what.add_parser("cost", help="CPU and memory use of the loop")
    loop.add_argument("--seconds", type=float, default=60, help="length of the generated video")
    loop.add_argument("--fast", action="store_true", help="as fast as possible, to look for growth of memory")
    args = parser.parse_args(argv)
    if args.what == "cost":
        print(json.dumps(cost.measure(args.seconds, realtime=not args.fast, model=args.model)))
        return 0
    reader = Reader(Classifier.load(args.model))
    return _clips(args, reader) if args.what == "clips" else _score(args, reader)


def measure(
    seconds: float, classifier: Classifier, model: str | None, data: Path | None, *, quick: bool
) -> dict[str, Any]:
    """Return `Record.live`: the cost over this many seconds of video and, with `data`, scores of clips.

    `quick` runs faster than real time, and takes one clip of each kind instead of three.
    """
    found = cost.measure(seconds, realtime=not quick, model=model)
    if data is not None:
        scores = clip_scores(Reader(classifier), *hand(data), seeds=1 if quick else 3)
        found["clips"] = {name: asdict(result) for name, result in scores.items()}
    return found


def hand(data: Path) -> tuple[clips.Picture, npt.NDArray[Any]]:
    """Return the digits for the clips: MNIST's last 6,000 training pictures, to spare the test set."""
    from edgedigits_train.data import load

    mnist = load(data)
    return mnist.x_train[-6000:], mnist.y_train[-6000:]


def clip_scores(
    reader: Reader,
    images: clips.Picture,
    labels: npt.NDArray[Any],
    *,
    seeds: int = 3,
    tracker: Callable[[], Tracker] = Tracker,
    smoothing: bool = True,
) -> dict[str, Score]:
    """Score `seeds` generated clips of each kind together, written with these digits (see `clips`)."""
    # This measures steadiness, not the model: digits that it misreads are left out.
    answers = reader.classifier.predict(images)
    clear = (answers.labels == labels) & (answers.confidence > 0.9)
    images, labels = images[clear], labels[clear]
    if unread := set(range(10)) - set(labels.tolist()):
        raise EdgeDigitsError(
            "no clips can be drawn for this model",
            expected="some digits of each kind that it reads with a confidence above 0.9",
            received=f"none of {', '.join(map(str, sorted(unread)))}",
            remedy="measure it without --data",
        )
    total: dict[str, Score] = {}
    for seed in range(seeds):
        for clip in clips.drawn(images, labels, seed):
            events = watch(Played(clip.frames(), clips.FPS), reader, tracker(), smoothing=smoothing)
            result = score(events, clip.timeline)
            total[clip.name] = total[clip.name] + result if clip.name in total else result
    return total


def _clips(args: argparse.Namespace, reader: Reader) -> int:
    def tracker() -> Tracker:
        return Tracker(stable=args.stable, forget=args.forget)

    scores = clip_scores(reader, *hand(args.data), seeds=args.seeds, tracker=tracker, smoothing=not args.raw)
    for name, result in scores.items():
        print(f"{name:<15} {result}")
    return 0


def _score(args: argparse.Namespace, reader: Reader) -> int:
    entry = next(e for e in json.loads(args.labels.read_text("utf-8")) if e["file"] == args.clip.name)
    timeline = [
        clips.Interval(span["frames"][0] / entry["fps"], span["frames"][1] / entry["fps"], span["digits"])
        for span in entry["timeline"]
    ]
    tracker = Tracker(stable=args.stable, forget=args.forget)
    events = watch(open_source(str(args.clip)), reader, tracker, smoothing=not args.raw)
    for event in events:
        print(f"{event.time:8.2f} s  {event.text!r}", file=sys.stderr)
    print(score(events, timeline))
    return 0
