"""The arrays that calls share: answers equal onnxruntime's own, for any caller and any order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime as ort
import pytest

from edgedigits import Classifier
from edgedigits.classifier import packaged_model, session_options
from edgedigits.model.engine import MOST_KEPT, Engine

CLASSES = 11


def frames(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)


@pytest.fixture(scope="module")
def session() -> ort.InferenceSession:
    return ort.InferenceSession(packaged_model().read_bytes(), session_options())


@pytest.fixture
def engine(session: ort.InferenceSession) -> Engine:
    return Engine(session, session.get_inputs()[0].name, session.get_outputs()[0].name, CLASSES)


def plain(session: ort.InferenceSession, images: np.ndarray) -> np.ndarray:
    return np.asarray(session.run(None, {session.get_inputs()[0].name: images})[0])


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ([1, 1, 1], "the arrays of one frame, used again"),
        ([3, 1, 3, 2], "each number of frames has arrays of its own"),
        ([MOST_KEPT, MOST_KEPT + 1, MOST_KEPT], "what is too large to be kept, between what is kept"),
    ],
)
def test_the_answers_are_those_of_a_plain_run(
    session: ort.InferenceSession, engine: Engine, counts: list[int], why: str
) -> None:
    for seed, count in enumerate(counts):
        images = frames(count, seed)
        np.testing.assert_array_equal(engine.scores(images), plain(session, images), err_msg=why)


def test_arrays_are_kept_for_few_frames_alone(session: ort.InferenceSession) -> None:
    """One set for each number of frames of every page would fill the memory of a small computer."""
    bindings = list[ort.IOBinding]()

    class Counted:
        run, run_with_iobinding = session.run, session.run_with_iobinding

        def io_binding(self) -> ort.IOBinding:
            bindings.append(session.io_binding())
            return bindings[-1]

    engine = Engine(Counted(), session.get_inputs()[0].name, session.get_outputs()[0].name, CLASSES)
    for count in (1, MOST_KEPT, 1, MOST_KEPT):
        engine.scores(frames(count, 1))
    assert len(bindings) == 2
    for count in range(MOST_KEPT + 1, MOST_KEPT + 4):
        engine.scores(frames(count, 1))
    assert len(bindings) == 2


def test_threads_do_not_write_into_each_others_arrays(session: ort.InferenceSession, engine: Engine) -> None:
    """Regression: with one set of arrays, a thread got the answer to another's frame within 2,000 calls."""
    pictures = [frames(1, seed) for seed in range(4)]
    expected = [plain(session, picture) for picture in pictures]

    def wrong(which: int) -> int:
        return sum(not np.array_equal(engine.scores(pictures[which]), expected[which]) for _ in range(2000))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(wrong, range(4))) == [0, 0, 0, 0]


def test_an_answer_that_was_given_stays_as_it_is() -> None:
    classifier = Classifier.load()
    first = classifier.predict(frames(2, 1))
    kept = [np.array(values) for values in (first.labels, first.confidence, first.probabilities)]
    score = np.array(first.digit_score)
    classifier.predict(frames(2, 2))
    for before, after in zip(kept, (first.labels, first.confidence, first.probabilities), strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(score, first.digit_score)
