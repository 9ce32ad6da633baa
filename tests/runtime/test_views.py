"""Second looks: which frames get one, what the views show, and how the answers are combined."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier
from edgedigits.model.views import DOUBT, MOST, VIEWS, answered, views_of

SURE, DOUBTFUL = 200, 100
"""Fill values of the frames for `Scripted`; the middle of each view keeps the value."""


class Scripted:
    """A network of three classes that looks at a frame's middle and reuses its output, like `Engine`."""

    def __init__(self, again: npt.ArrayLike = (0.6, 0.3, 0.1)) -> None:
        self.calls: list[int] = []
        self.answer = np.zeros((10_000, 3), np.float32)
        self.again = np.asarray(again, np.float32)

    def __call__(self, frames: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        first = not self.calls
        self.calls.append(len(frames))
        answer = self.answer[: len(frames)]
        for row, frame in zip(answer, frames, strict=True):
            row[:] = (0.98, 0.01, 0.01) if frame[14, 14] == SURE else (0.5, 0.4, 0.1)
        if not first:
            answer[:] = np.tile(self.again.reshape(-1, 3), (len(frames), 1))[: len(frames)]
        return answer


def frames_of(*values: int) -> npt.NDArray[np.uint8]:
    return np.stack([np.full((28, 28), value, np.uint8) for value in values])


@pytest.mark.parametrize(
    ("frames", "calls", "why"),
    [
        (frames_of(SURE, SURE), [2], "nothing in doubt costs nothing"),
        (frames_of(SURE, DOUBTFUL), [2, VIEWS], "only what is in doubt is looked at again"),
        (frames_of(*[DOUBTFUL] * (MOST + 1)), [MOST + 1, MOST * VIEWS, VIEWS], "many, in parts"),
        (np.zeros((0, 28, 28), np.uint8), [0], "an empty batch has nobody to doubt"),
    ],
)
def test_only_doubt_costs_a_second_look(frames: npt.NDArray[np.uint8], calls: list[int], why: str) -> None:
    network = Scripted()
    answered(network, frames, DOUBT)
    assert network.calls == calls, why


def test_how_many_are_looked_at_at_once_can_be_chosen() -> None:
    """One call in Keras takes long, however few frames it is for."""
    network = Scripted()
    answered(network, frames_of(*[DOUBTFUL] * (MOST + 1)), DOUBT, most=1000)
    assert network.calls == [MOST + 1, (MOST + 1) * VIEWS]


def test_the_answers_become_their_geometric_mean() -> None:
    """By hand: (0.5 * 0.6^6)^(1/7) and so on, normalized to a sum of 1."""
    found = answered(Scripted(), frames_of(SURE, DOUBTFUL), DOUBT)
    together = np.array([0.5 * 0.6**6, 0.4 * 0.3**6, 0.1 * 0.1**6]) ** (1 / 7)
    np.testing.assert_allclose(found[1], together / together.sum(), rtol=1e-5)
    np.testing.assert_allclose(found[0], (0.98, 0.01, 0.01), rtol=1e-6, err_msg="a sure answer stays")


def test_a_second_look_does_not_write_over_the_first_answers() -> None:
    """`Engine` answers for a page's frames and for their views in the same array."""
    found = answered(Scripted(), frames_of(SURE, DOUBTFUL, SURE), DOUBT)
    np.testing.assert_allclose(found[[0, 2]], [(0.98, 0.01, 0.01)] * 2, rtol=1e-6)


def test_one_view_cannot_rule_a_class_out() -> None:
    """A softmax can underflow to 0, whose logarithm would outweigh six other views."""
    rows = [(0.6, 0.4, 0.0)] * 5 + [(0.0, 1.0, 0.0)]
    found = answered(Scripted(rows), frames_of(DOUBTFUL), DOUBT)[0]
    assert found[0] > 0
    assert np.isfinite(found).all()


def test_what_a_damaged_model_says_stays_as_it_is() -> None:
    """NaN compares with nothing; the classifier turns it into "no digit"."""
    found = answered(lambda frames: np.full((len(frames), 3), np.nan, np.float32), frames_of(1, 2), DOUBT)
    assert np.isnan(found).all()


def test_views_differ_in_slant_and_proportions_about_the_middle() -> None:
    frame = np.zeros((28, 28), np.uint8)
    frame[6:22, 10:18] = 255  # a block of 8 x 16 at the frame's centre
    axis = np.arange(28) - 13.5

    def moments(view: npt.NDArray[np.uint8]) -> tuple[float, ...]:
        """Return its mean x and y, its variances in x and y, and their covariance."""
        weight = view / view.sum(dtype=float)
        across, down = np.broadcast_to(axis, (28, 28)), np.broadcast_to(axis[:, None], (28, 28))
        products = (across, down, across * across, down * down, across * down)
        return tuple(float(np.sum(weight * product)) for product in products)

    left, right, narrow, wide, low, high = (moments(view) for view in views_of(frame[None]))
    plain = moments(frame)
    assert left[4] < -2 < 2 < right[4], "one leans to either side"
    assert narrow[2] / 0.9 < plain[2] < wide[2] / 1.1, "across"
    assert low[3] / 0.9 < plain[3] < high[3] / 1.1, "down"
    for view in (left, right, narrow, wide, low, high):
        assert max(abs(view[0]), abs(view[1])) < 0.05, "the middle stays"


def test_all_views_of_a_frame_come_before_the_next() -> None:
    assert views_of(frames_of(10, 20))[:, 14, 14].tolist() == [10] * VIEWS + [20] * VIEWS


def test_pixels_are_mixed_of_their_two_neighbours_and_nothing_comes_from_beyond() -> None:
    """OpenCV's warps round differently on ARM, where 3 labels of 5,315 differed; integers do not."""
    frame = np.zeros((28, 28), np.uint8)
    frame[13] = 200
    frame[14] = 100
    left = views_of(frame[None])[0]
    # Half a row from the middle, shifted by an eighth of a pixel: an eighth is missing at either end.
    assert left[13, 0] == round(200 * (256 - 32) / 256)
    assert left[13, 1:].tolist() == [200] * 27
    assert left[14, 27] == round(100 * (256 - 32) / 256)
    low = views_of(frame[None])[4]
    # 0.5 * 1.12 from the middle is 0.06 rows beyond the row itself: 15 of 256 parts come from the blank one.
    assert low[13, 5] == (200 * 241 + 128) // 256
    assert low[14, 5] == (100 * 241 + 128) // 256


def test_a_digit_gets_the_same_answer_alone_and_in_company() -> None:
    """A doubtful digit is classified again together with the other doubtful ones of its batch."""
    rng = np.random.default_rng(5)
    images = rng.integers(0, 256, (40, 28, 28), np.uint8)
    classifier = Classifier.load()
    together = classifier.predict(images)
    alone = [classifier.predict(image[None]) for image in images]
    assert any(classifier.engine.scores(image[None]).max() < DOUBT for image in images)
    np.testing.assert_allclose(together.digit_score, [one.digit_score[0] for one in alone], atol=1e-6)
    np.testing.assert_array_equal(together.labels, [one.labels[0] for one in alone])
