"""Contenders in turns: what is timed, what is refused, and how answers are scored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edgedigits.errors import UsageError
from edgedigits_bench.speed import contest, frontier, litert, peers
from edgedigits_bench.speed.frontier import Entry
from edgedigits_bench.speed.peers import Images, Peer, Scores, Setup
from edgedigits_bench.speed.record import Record

TINY = Path(__file__).parents[1] / "assets" / "tiny.onnx"
FRAMES = np.zeros((50, 28, 28), np.uint8)


class Clock:
    """A clock that advances by a microsecond each time it is read."""

    def __init__(self) -> None:
        self.time = 0

    def now(self) -> int:
        self.time += 1000
        return self.time

    def cpu(self) -> int:
        return 0

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing here waits")


def empty() -> Record:
    parts = ("machine", "state_before", "state_after", "versions", "settings", "model")
    facts: dict[str, Any] = {part: {} for part in parts}
    return Record(command="", started="", quick=True, warnings=[], **facts)


def reads_first_pixel(images: Images) -> Scores:
    """Return the value of the first pixel as the answer; class eleven is no digit."""
    return np.eye(11, dtype=np.float32)[images[:, 0, 0]]


def test_contenders_get_the_batches_that_they_take() -> None:
    seen: dict[str, set[int]] = {"both": set(), "tens": set()}

    def run(name: str) -> Callable[[Images], Scores]:
        def call(images: Images) -> Scores:
            seen[name].add(len(images))
            return reads_first_pixel(images)

        return call

    made = empty()
    everybody: dict[str, Peer | str] = {
        "both": Peer("", run("both")),
        "tens": Peer("", run("tens"), batches=(10,)),
        "absent": "not installed",
    }
    contest.time_in_turns(everybody, FRAMES, 4, 3, Clock(), made)
    assert seen == {"both": {1, 10}, "tens": {10}}
    assert set(made.series) == {"peer both 1", "peer both 10", "peer tens 10"}
    assert made.series["peer both 10"].samples == [[10] * 3] * 4
    assert made.peers["absent"] == {"what": "", "unavailable": "not installed"}


def test_accuracy_counts_digits_among_the_ten() -> None:
    images = np.zeros((20, 28, 28), np.uint8)
    labels = np.arange(20) % 10
    images[:, 0, 0] = labels
    images[:3, 0, 0] = (9, 9, 10)  # two wrong digits, and one taken for no digit
    assert contest.accuracy(reads_first_pixel, images, labels) == pytest.approx(17 / 20)


def test_accuracy_is_not_asked_of_the_untrained() -> None:
    made = empty()
    made.peers = {"random": {}, "absent": {}}
    everybody: dict[str, Peer | str] = {
        "random": Peer("", reads_first_pixel, no_accuracy="untrained"),
        "absent": "why",
    }
    contest.measure_accuracy(everybody, FRAMES, np.zeros(50, np.int64), made)
    assert made.peers == {"random": {}, "absent": {}}


def test_what_cannot_be_made_says_what_it_needs(tmp_path: Path) -> None:
    setup = Setup(TINY, 1, FRAMES, fp32=tmp_path / "gone.onnx")
    made = peers.make(["fp32", "litert", "tensorflow"], setup)
    assert isinstance(made["edgedigits"], Peer)
    assert "gone.onnx does not exist" in str(made["fp32"])
    assert "--run FOLDER or --tflite FILE" in str(made["litert"])
    assert "--run FOLDER" in str(made["tensorflow"])


@pytest.mark.parametrize(
    ("stderr", "told"),
    [
        (
            "warning\nno data\n  received: x\n  what to do: y\n",
            "no data; received: x; what to do: y",
        ),
        ("Traceback (most recent call last):\n  File\nValueError: x\n", "ValueError: x"),
        ("", "no reason given"),
    ],
)
def test_why_nothing_was_converted_is_told_whole(stderr: str, told: str) -> None:
    """Regression: of our own errors only the remedy was kept."""
    assert litert.reason(stderr) == told


def test_a_peer_that_breaks_costs_only_itself(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no model")
    made = peers.make(["fp32"], Setup(TINY, 1, FRAMES, fp32=damaged))
    assert isinstance(made["edgedigits"], Peer)
    assert isinstance(made["fp32"], str)


def test_our_file_answers_through_the_peer_as_through_the_classifier() -> None:
    from edgedigits import Classifier

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (10, 28, 28), np.uint8)
    peer = peers.of_file(TINY, 1, "")
    answers = peer.run(images)[:, :10].argmax(1)
    expected = Classifier.load(TINY, threshold=0.0).predict(images).probabilities.argmax(1)
    assert answers.tolist() == expected.tolist()


def test_the_zoo_network_has_the_shape_and_size_of_the_zoo() -> None:
    pytest.importorskip("onnx", reason="the quantizer needs onnx")
    made = peers.make(["mnist12"], Setup(TINY, 1, FRAMES))["mnist12"]
    assert isinstance(made, Peer), made
    assert made.run(FRAMES[:10]).shape == (10, 10)
    # mnist-12-int8.onnx of the zoo has 10,969 bytes.
    assert made.bytes == pytest.approx(10_969, rel=0.05)


def test_the_frontier_is_what_nobody_beats() -> None:
    entries = [
        Entry("slow and best", 90, 99.6),
        Entry("fast", 10, 99.0),
        Entry("beaten on both", 50, 98.0),
        Entry("as good as fast, slower", 20, 99.0),
        Entry("as fast as fast, worse", 10, 98.9),
        Entry("middle", 30, 99.5),
    ]
    assert [e.name for e in frontier.frontier(entries)] == ["fast", "middle", "slow and best"]
    assert frontier.frontier([]) == []


@pytest.mark.parametrize(
    "text",
    [
        "{",  # no JSON
        '[{"name": "a"}]',  # no time
        '[{"name": "a", "us": 0, "accuracy": 99}]',  # the logarithm of 0
        '[{"name": "a", "us": 1, "accuracy": 100}]',  # an error of 0 cannot be shown on a logarithmic axis
        '[{"name": "a", "us": 1, "accuracy": 99, "kind": "theirs"}]',
    ],
)
def test_entries_that_cannot_be_drawn_are_refused(tmp_path: Path, text: str) -> None:
    from edgedigits.errors import DataError

    path = tmp_path / "entries.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"entries\.json"):
        frontier.read(path)


def test_a_picture_that_exists_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: it was overwritten silently."""
    (entries := tmp_path / "entries.json").write_text('[{"name": "a", "us": 1, "accuracy": 99}]')
    (picture := tmp_path / "frontier.png").write_text("mine")
    command = ["frontier", str(entries), "--out", str(picture)]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(UsageError, match=r"frontier\.png exists"):
        frontier.main()
    assert picture.read_text() == "mine"
    monkeypatch.setattr("sys.argv", [*command, "--force"])
    frontier.main()
    assert picture.read_bytes() != b"mine"


def test_a_record_gives_its_contenders_to_the_frontier() -> None:
    made = empty()
    clock = Clock()
    everybody: dict[str, Peer | str] = {
        "edgedigits": Peer("", reads_first_pixel),
        "rival": Peer("", reads_first_pixel),
        "random": Peer("", reads_first_pixel, no_accuracy="untrained"),
        "absent": "why",
    }
    contest.time_in_turns(everybody, FRAMES, 2, 2, clock, made)
    contest.measure_accuracy(everybody, FRAMES, np.arange(50) % 2, made)
    assert frontier.of_record(made) == [
        Entry("edgedigits", 0.1, 50.0, "ours"),
        Entry("rival", 0.1, 50.0, "peer"),
    ]
