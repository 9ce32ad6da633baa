"""The score of the live view on made-up events, and clips that show what their timelines say."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits.results import Digit, Reading
from edgedigits_bench.live import clips, command, cost
from edgedigits_bench.live.clips import Interval
from edgedigits_bench.live.score import Event, score

ONE_THEN_TWO = (Interval(1.0, 2.0, "1"), Interval(3.0, 4.0, "2"))


@pytest.mark.parametrize(
    ("events", "in_time", "late", "unsteady", "wrong"),
    [
        ([], 0, 0, 0, 0),
        ([(1.2, "1"), (2.5, ""), (3.5, "2")], 2, 0, 0, 0),
        ([(0.2, "1"), (2.9, "2")], 2, 0, 0, 0),  # both were announced before they were due
        ([(1.6, "1"), (3.9, "2")], 0, 2, 0, 0),
        ([(1.2, "1"), (2.1, "2")], 2, 0, 0, 0),  # announced early and kept
        ([(1.1, "1"), (1.5, ""), (1.6, "1"), (3.1, "2")], 2, 0, 1, 0),  # flickers
        ([(1.1, "1"), (1.5, "7"), (1.6, "1"), (3.1, "2")], 2, 0, 1, 1),  # to a digit that is not there
        ([(1.1, "1"), (2.5, "8"), (2.7, ""), (3.1, "2")], 2, 0, 0, 1),  # wrong between the intervals
        ([(1.1, "1"), (2.6, "12"), (3.1, "2")], 2, 0, 0, 0),  # both are in view for a while
        ([(1.1, "11"), (3.1, "2")], 1, 0, 0, 1),  # one 1 too many
        ([(3.2, "12"), (3.4, "2")], 1, 0, 0, 0),  # the last text may take half a second to disappear
        ([(3.8, "1")], 0, 0, 0, 1),  # it should have disappeared by then
    ],
)
def test_score(events: list[tuple[float, str]], in_time: int, late: int, unsteady: int, wrong: int) -> None:
    result = score([Event(*event) for event in events], ONE_THEN_TWO)
    assert (result.in_time, result.late, result.unsteady, result.wrong) == (in_time, late, unsteady, wrong)


def test_scores_add_up() -> None:
    one = score([Event(1.2, "1")], ONE_THEN_TWO)
    both = one + one
    assert (both.intervals, both.in_time, both.delays) == (4, 2, pytest.approx((0.2, 0.2)))
    assert "2/4 in time" in str(both)
    assert "0/2 in time" in str(score([], ONE_THEN_TWO))


def images() -> tuple[np.ndarray, np.ndarray]:
    """One bar per digit, one pixel wider than the digit's value."""
    made = np.zeros((10, 28, 28), np.uint8)
    for digit in range(10):
        made[digit, 4:24, 8 : 9 + digit] = 255
    return made, np.arange(10)


def test_clips_are_repeatable_and_their_timelines_lie_within_them() -> None:
    first, again = (clips.drawn(*images(), seed=5) for _ in range(2))
    assert [clip.name for clip in first] == [
        "still", "shaken", "exposure steps", "in and out", "panned", "hand passing", "swapped",
    ]  # fmt: skip
    for clip, same in zip(first, again, strict=True):
        assert clip.timeline == same.timeline
        middle = clip.frame_at(round(clip.seconds * clips.FPS / 2))
        assert middle.shape == (480, 640, 3)
        assert (middle == same.frame_at(round(clip.seconds * clips.FPS / 2))).all()
        assert all(0 <= i.start < i.end <= clip.seconds for i in clip.timeline)


def test_the_ink_of_an_interval_is_in_view_and_gone_outside() -> None:
    clip = next(c for c in clips.drawn(*images(), seed=5) if c.name == "in and out")
    interval = clip.timeline[1]

    def shapes(second: float) -> int:
        grey = clip.frame_at(round(second * clips.FPS))[:, :, 0]
        paper = (cv2.medianBlur(grey, 5) < 110).astype(np.uint8)
        paper[:, :40] = paper[:, -40:] = 0  # the desk beside the page
        return cv2.connectedComponents(paper)[0] - 1

    assert shapes((interval.start + interval.end) / 2) == len(interval.text)
    assert shapes(4.0) != len(interval.text), "the page is away"


def test_a_real_clip_is_scored_from_its_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    writer = cv2.VideoWriter(str(tmp_path / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for seed in range(20):
        paper = np.random.default_rng(seed).normal(205, 3, (240, 320))
        cv2.ellipse(paper, (160, 120), (22, 35), 0, 0, 360, 40, 7, cv2.LINE_AA)
        writer.write(np.repeat(np.clip(paper, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2))
    writer.release()
    labels = tmp_path / "labels.json"
    timeline = [{"frames": [0, 19], "digits": "0"}]
    labels.write_text(json.dumps([{"file": "clip.avi", "fps": 10, "timeline": timeline}]))
    assert command.main(["score", str(tmp_path / "clip.avi"), str(labels)]) == 0
    assert capsys.readouterr().out.startswith("1/1 in time, 0 late, 0 unsteady, 0 wrong")


def test_the_cost_is_measured_in_a_process_of_its_own() -> None:
    result = cost.measure(1, realtime=False)
    assert result["video_s"] == 1
    # The sign is not asserted: start-up is subtracted, which can outweigh one second of video.
    assert isinstance(result["cpu_percent"], float)
    assert result["changes"] >= 1


class Sure:
    """A reader and classifier for plain pages whose brightness is their digit; it knows the first `known`."""

    def __init__(self, known: int = 10) -> None:
        self.classifier, self.known = self, known

    def predict(self, images: np.ndarray) -> Any:
        return SimpleNamespace(labels=np.arange(len(images)) % self.known, confidence=np.ones(len(images)))

    def read(self, picture: np.ndarray) -> Reading:
        label = int(picture[0, 0, 0])
        chances = tuple(float(n == label) for n in range(10))
        return Reading(str(label), (Digit(label, 1.0, chances, (300, 200, 40, 60)),), {}, (640, 480))


def test_clips_of_several_seeds_are_scored_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def still(images: np.ndarray, labels: np.ndarray, seed: int) -> list[clips.Clip]:
        page = np.full((480, 640, 3), seed, np.uint8)
        return [clips.Clip("still", 1, (Interval(0, 1, str(seed)),), lambda _: page)]

    monkeypatch.setattr(clips, "drawn", still)
    scores = command.clip_scores(Sure(), *images(), seeds=2)  # type: ignore[arg-type]
    assert list(scores) == ["still"]
    assert (scores["still"].intervals, scores["still"].in_time) == (2, 2)


def test_a_model_that_knows_no_nine_gets_no_clips() -> None:
    with pytest.raises(EdgeDigitsError, match="none of 9"):
        command.clip_scores(Sure(known=9), *images())  # type: ignore[arg-type]


@pytest.mark.skipif(os.name != "posix", reason="needs a system that reports what a process used")
def test_a_live_run_that_fails_is_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGEDIGITS_THRESHOLD", "much")
    with pytest.raises(EdgeDigitsError, match="live run failed"):
        cost.measure(0.1, realtime=False)
