"""A camera that fails in every possible way: it is noticed, reported, reconnected, released.

Real threads and short intervals. The tests wait for what must happen and never assert how fast it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from edgedigits.camera.capture import LiveStream, Timing
from edgedigits.errors import SourceError
from edgedigits.sources import Frame, Image

QUICK = Timing(stall=0.6, frozen=0.6, opening=1.2, black=0.1, retry=(0.02, 0.05), healthy=60)
RNG = np.random.default_rng(7)


def noise() -> Image:
    return RNG.integers(60, 200, (48, 64, 3)).astype(np.uint8)


def raising() -> Image | None:
    raise RuntimeError("ioctl failed")


class Camera:
    """A device that follows its script, one entry per read; after the last entry, reads hang."""

    granted = "64x48, scripted"

    def __init__(self, script: Iterator[Callable[[], Image | None]]) -> None:
        self.script = script
        self.released = threading.Event()
        self.hang = threading.Event()

    def read(self) -> Image | None:
        time.sleep(0.005)
        step = next(self.script, None)
        if step is None:
            self.hang.wait(5)
            return None
        return step()

    def release(self) -> None:
        self.released.set()


class Bench:
    """Opens one scripted camera after another, and records them and the messages."""

    def __init__(self, *scripts: Iterator[Callable[[], Image | None]] | SourceError) -> None:
        self.scripts = list(scripts)
        self.cameras: list[Camera] = []
        self.said: list[str] = []
        self.attempts = 0
        self.stream = LiveStream("camera 0", self.open, patience=1e9, timing=QUICK, notice=self.said.append)

    def open(self) -> Camera:
        self.attempts += 1
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        if isinstance(script, SourceError):
            raise script
        camera = Camera(script)
        self.cameras.append(camera)
        return camera

    def until(self, done: Callable[[list[Frame]], bool]) -> list[Frame]:
        taken: list[Frame] = []
        deadline = time.monotonic() + 20
        while not done(taken):
            assert time.monotonic() < deadline, f"nothing came of it; said: {self.said}"
            frame = self.stream.take(0.02)
            if frame is not None:
                taken.append(frame)
        return taken


def good(count: int = 10**9) -> Iterator[Callable[[], Image | None]]:
    return iter(noise for _ in range(count))


def repeat(image: Image) -> Iterator[Callable[[], Image | None]]:
    while True:
        yield image.copy


def chain(*parts: Iterator[Callable[[], Image | None]]) -> Iterator[Callable[[], Image | None]]:
    for part in parts:
        yield from part


def test_frames_are_stamped_and_only_the_newest_is_kept() -> None:
    bench = Bench(good())
    bench.until(lambda taken: len(taken) == 1)
    time.sleep(0.1)
    frames = bench.until(lambda taken: len(taken) == 3)
    assert bench.stream.overtaken > 0
    indices = [frame.index for frame in frames]
    assert indices == sorted(set(indices))
    assert indices[-1] + 1 >= bench.stream.overtaken + 3, "every overtaken frame leaves a gap"
    assert [frame.time for frame in frames] == sorted(frame.time for frame in frames)
    assert bench.stream.granted == "64x48, scripted"
    assert bench.stream.close()
    assert bench.cameras[0].released.is_set()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        # The driver reports it: the cable is out.
        (chain(good(5), iter([lambda: None])), "stopped delivering"),
        # The driver raises.
        (chain(good(5), iter([raising])), "ioctl failed"),
        # The driver hangs: with other drivers, also when the cable is out.
        (good(5), "no new picture"),
        # The driver repeats its last picture for ever.
        (chain(good(5), repeat(noise())), "frozen"),
    ],
)
def test_a_camera_that_is_lost_is_said_and_comes_back(
    fault: Iterator[Callable[[], Image | None]], told: str
) -> None:
    bench = Bench(fault, good())
    frames = bench.until(lambda taken: len(bench.said) >= 2 and len(taken) > 5)
    assert told in bench.said[0]
    assert "is lost" in bench.said[0]
    assert "is back" in bench.said[1]
    assert len(bench.said) == 2, "each is said once"
    indices = [frame.index for frame in frames]
    assert indices == sorted(set(indices)), "numbers go on after the gap"
    for camera in bench.cameras:
        camera.hang.set()
    assert bench.stream.close()
    assert all(camera.released.wait(5) for camera in bench.cameras)


def test_a_camera_that_stays_away_is_said_once_and_tried_again_and_again() -> None:
    away = SourceError("there is no camera 0", remedy="plug one in")
    bench = Bench(good(3), away)
    bench.until(lambda _: bench.attempts >= 6)
    told = [line for line in bench.said if "there is no camera 0" in line]
    assert len(told) == 1
    assert "plug one in" in told[0]
    bench.stream.close()


def test_a_camera_that_never_came_is_an_error_after_the_patience() -> None:
    def refuse() -> Camera:
        raise SourceError("there is no camera 0", remedy="plug one in")

    said: list[str] = []
    stream = LiveStream("camera 0", refuse, patience=0.1, timing=QUICK, notice=said.append)
    with pytest.raises(SourceError, match="there is no camera 0") as caught:
        list(iter(lambda: stream.take(0.02), "never"))
    assert caught.value.remedy == "plug one in"
    assert said[0].startswith("waiting for camera 0")


def test_a_device_that_never_opens_is_given_up_and_released_when_it_does() -> None:
    gate = threading.Event()
    opened: list[Camera] = []

    def slow() -> Camera:
        gate.wait(10)
        opened.append(Camera(good()))
        return opened[-1]

    said: list[str] = []
    stream = LiveStream("camera 0", slow, patience=1e9, timing=QUICK, notice=said.append)
    while len(said) < 2:
        stream.take(0.02)
    assert "slow to open" in said[0]
    assert "has not opened" in said[1]
    gate.set()
    while stream.take(0.02) is None:
        pass
    assert stream.close()
    assert all(camera.released.wait(5) for camera in opened), "the late one is released too"


def test_black_first_pictures_are_skipped() -> None:
    black = np.zeros((48, 64, 3), np.uint8)
    bench = Bench(chain(iter([black.copy] * 4), good()))
    first = bench.until(lambda taken: len(taken) == 1)[0]
    assert first.image.max() > 16
    assert bench.said == []
    bench.stream.close()


def test_a_covered_lens_is_said_and_does_not_count_as_frozen() -> None:
    bench = Bench(repeat(np.zeros((48, 64, 3), np.uint8)))
    bench.until(lambda taken: bool(taken) and taken[-1].time > 2 * QUICK.frozen)
    assert len(bench.said) == 1
    assert "black" in bench.said[0]
    assert bench.attempts == 1
    bench.stream.close()


def test_a_still_scene_without_noise_is_reopened_once_and_then_believed() -> None:
    still, next_slide = noise(), noise()
    slides = chain(iter([still.copy] * 60), repeat(next_slide))
    bench = Bench(chain(good(3), repeat(still)), slides)
    bench.until(lambda _: bench.attempts == 2)
    bench.until(lambda taken: bool(taken) and taken[-1].arrived - taken[0].arrived > 3 * QUICK.frozen)
    assert bench.attempts == 2
    assert [line for line in bench.said if "frozen" in line] == bench.said[:1]
    bench.stream.close()


def test_closing_does_not_wait_for_a_driver_that_hangs() -> None:
    bench = Bench(good(2))
    bench.until(lambda taken: len(taken) == 2 or bench.stream.overtaken > 0)
    assert bench.stream.close() is False
    bench.cameras[0].hang.set()
    assert bench.cameras[0].released.wait(5), "released as soon as the driver comes back"
