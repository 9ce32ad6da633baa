"""Every plot in its usual and its extreme form: what it shows is read back from the figure."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from edgedigits_train import noise
from edgedigits_train.measures.calibration import Reliability, reliability
from edgedigits_train.measures.metrics import Images, Scores
from edgedigits_train.measures.rejection import roc
from edgedigits_train.reports import curves, plots, sheets

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, (60, 28, 28), np.uint8)


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """The figures saved during a test; they are written as well, so that drawing is tested too."""
    seen: list[Figure] = []
    write = plots.save

    def save(fig: Figure, path: Path) -> None:
        seen.append(fig)
        write(fig, path)
        written = cv2.imread(str(path))
        assert written is not None
        assert written.std() > 1, "the picture is blank"

    monkeypatch.setattr(plots, "save", save)
    return seen


def texts(fig: Figure) -> str:
    return "\n".join(item.get_text() for item in fig.findobj(Text))


def answers(labels: list[int], confidence: float = 0.9, digit_score: float = 1.0) -> Scores:
    probabilities = np.full((len(labels), 10), (1 - confidence) / 9)
    probabilities[np.arange(len(labels)), labels] = confidence
    return Scores(probabilities, np.full(len(labels), digit_score))


def test_loss_accuracy_sorts_the_columns(tmp_path: Path, figures: list[Figure]) -> None:
    row = {"epoch": 0.0, "loss": 1.0, "val_loss": 0.5, "accuracy": 0.8, "val_accuracy": 0.9}
    row |= {"val_noisy_accuracy": 0.7, "learning_rate": 0.001, "loss_scale": 8.0}
    plots.loss_accuracy([row, row], tmp_path / "new folder" / "a.png")
    left, right = figures[0].axes
    assert (left.get_title(), right.get_title()) == ("Loss", "Accuracy, %")
    assert (len(left.lines), len(right.lines)) == (2, 3)
    assert left.lines[0].get_xdata().tolist() == [1, 2], "the first epoch is number 1, as in history.csv"
    assert sorted(line.get_ydata()[0] for line in right.lines) == pytest.approx([70, 80, 90])
    assert "noisy accuracy, validation" in texts(figures[0])


@pytest.mark.parametrize("epochs", [0, 1])
def test_loss_accuracy_of_hardly_any_epochs(tmp_path: Path, figures: list[Figure], epochs: int) -> None:
    plots.loss_accuracy([{"loss": 1.0, "accuracy": 0.5}] * epochs, tmp_path / "a.png")
    assert len(figures[0].axes[0].lines) == epochs


@pytest.mark.parametrize(
    ("title", "matrix", "words"),
    [
        ("some mistakes", np.eye(10, dtype=np.int64) * 99 + 1, "some mistakes: 91.74 % right, 90 mistakes"),
        ("no mistakes", np.eye(10, dtype=np.int64) * 7, "no mistakes: 100.00 % right, 0 mistakes"),
        ("nothing", np.zeros((10, 10), np.int64), "nothing: 0.00 % right, 0 mistakes"),
    ],
)
def test_confusion_matrix(
    tmp_path: Path, figures: list[Figure], title: str, matrix: npt.NDArray[np.int64], words: str
) -> None:
    plots.confusion_matrix({title: matrix}, tmp_path / "a.png")
    assert words in texts(figures[0])
    numbers = [item.get_text() for item in figures[0].axes[0].texts]
    assert len(numbers) == np.count_nonzero(matrix)


def test_a_mistake_stands_in_the_row_of_the_true_digit(tmp_path: Path, figures: list[Figure]) -> None:
    matrix = np.zeros((10, 10), np.int64)
    matrix[4, 9] = 3
    plots.confusion_matrix({"4 read as 9": matrix}, tmp_path / "a.png")
    (axes,) = figures[0].axes
    ((number,),) = [axes.texts]
    assert (number.get_text(), number.get_position()) == ("3", (9, 4))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("read as", "true digit")
    assert axes.images[0].get_array()[4, 9] == 3


@pytest.mark.parametrize("share", [0.0, 0.7, 1.0])
def test_reliability_diagram(tmp_path: Path, figures: list[Figure], share: float) -> None:
    confidence = np.linspace(0.5, 1, 3000)
    part = reliability(confidence, RNG.random(3000) < share)
    plots.reliability_diagram({"Clean": part, "Noise mix": part}, tmp_path / "a.png")
    assert f"Noise mix: calibration error {part.error:.2f} %" in texts(figures[0])
    for axes in figures[0].axes:
        drawn = axes.lines[1].get_xydata()
        assert len(drawn) == 15
        assert np.isfinite(drawn).all(), "certainty is drawn at the edge, not at infinity"
        assert (drawn <= [axes.get_xlim()[1], axes.get_ylim()[1]]).all()


def test_claims_and_hits_each_have_their_axis(tmp_path: Path, figures: list[Figure]) -> None:
    """Overconfident answers lie below the diagonal."""
    part = Reliability(np.array([0.99]), np.array([0.9]), np.array([1000]))
    plots.reliability_diagram({"Clean": part}, tmp_path / "a.png")
    (axes,) = figures[0].axes
    assert axes.lines[1].get_xydata()[0] == pytest.approx([2, 1])
    for ticks, labels in (
        (axes.get_xticks(), axes.get_xticklabels()),
        (axes.get_yticks(), axes.get_yticklabels()),
    ):
        told = dict(zip((item.get_text() for item in labels), ticks, strict=True))
        assert (told["0"], told["90"], told["99"]) == pytest.approx((0, 1, 2))


def test_rejection_curves_state_what_the_threshold_does(tmp_path: Path, figures: list[Figure]) -> None:
    curve = roc(np.array([0.9, 0.8, 0.95]), np.array([0.1, 0.85]))
    operating = plots.Operating(outliers=0.125, digits=0.9985)
    plots.rejection_curves({"letters": (curve, 83.3, operating)}, tmp_path / "a.png")
    words = "letters: area 83.30 %; threshold lets 12.5 % through, refuses 0.15 % of the digits"
    assert words in texts(figures[0])
    mark, line = figures[0].axes[0].lines
    assert mark.get_xydata().tolist() == [pytest.approx([12.5, 99.85])]
    np.testing.assert_allclose(line.get_xdata(), 100 * curve.outliers)
    np.testing.assert_allclose(line.get_ydata(), 100 * curve.digits)


def test_rejection_curves_without_a_threshold(tmp_path: Path, figures: list[Figure]) -> None:
    curve = roc(np.array([0.9]), np.array([0.1]))
    plots.rejection_curves({"letters": (curve, 100, None)}, tmp_path / "a.png")
    assert len(figures[0].axes[0].lines) == 1


def test_noise_curve_marks_what_was_published(tmp_path: Path, figures: list[Figure]) -> None:
    drawn = {
        name: curves.Curve(family.strengths, tuple(np.linspace(100, 9, len(family.strengths))))
        for name, family in noise.FAMILIES.items()
    }
    curves.noise_curve(drawn, 2000, tmp_path / "a.png")
    panels = {axes.get_title().lower(): axes for axes in figures[0].axes}
    assert set(panels) == {name.lower() for name in noise.FAMILIES}
    for name, published in curves.PUBLISHED.items():
        star = panels[name.lower()].lines[1].get_xydata()[0]
        assert star == pytest.approx([published.strength, -np.log10(1 - published.accuracy / 100)])
    for axes in panels.values():
        heights = axes.lines[0].get_ydata()
        assert heights[-1] == pytest.approx(-np.log10(1 - 0.09)), "9 % are right at the end"
        assert heights[0] < axes.get_ylim()[1], "an accuracy of 100 % stays inside the plot"
    assert "2,000 pictures a point" in texts(figures[0])


def test_curves_measure_every_point_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "MOST_PICTURES", 20)
    truth = np.arange(45) % 10
    seen: list[int] = []

    def score(drawn: Images) -> Scores:
        seen.append(len(drawn))
        return answers([0] * len(drawn))

    steps: list[str] = []
    measured = curves.measure(score, np.zeros((45, 28, 28), np.uint8), truth, steps.append)
    assert len(steps) == len(seen) == curves.points()
    assert set(seen) == {23}, "every second picture of 45"
    assert measured["Gaussian blur"].strengths == noise.FAMILIES["Gaussian blur"].strengths
    assert measured["Gaussian blur"].accuracies[0] == pytest.approx(100 * 5 / 23)


def test_class_sheet_has_every_heading_and_class(tmp_path: Path, figures: list[Figure]) -> None:
    columns = {"clean": PICTURES[:30].reshape(10, 3, 28, 28), "noise": PICTURES[30:].reshape(10, 3, 28, 28)}
    sheets.class_sheet(columns, tmp_path / "a.png")
    assert [axes.get_title() for axes in figures[0].axes] == ["clean", "noise"]
    tiled = figures[0].axes[1].images[0].get_array()
    assert np.array_equal(tiled[29 : 29 + 28, 58 : 58 + 28], columns["noise"][1, 2])
    numbers = figures[0].axes[0].get_yticks()
    assert [int(place) // 29 for place in numbers] == list(range(10)), "beside the rows of their digits"
    assert {int(place) % 29 for place in numbers} == {14}


def test_wrong_and_refused_samples_are_marked(tmp_path: Path, figures: list[Figure]) -> None:
    truth = np.array([1, 2, 3])
    refused = answers([1, 2, 3])._replace(digit_score=np.array([1, 0.2, 1]))
    rows = {"right": answers([1, 2, 3]), "wrong": answers([1, 7, 3]), "refused": refused}
    sheets.sample_predictions(
        {name: (PICTURES[:3], scores) for name, scores in rows.items()},
        truth,
        tmp_path / "a.png",
        threshold=0.5,
    )
    (axes,) = figures[0].axes
    words = [item.get_text() for item in axes.texts]
    assert words == [
        *("right", "1", "2", "3"),
        *("wrong", "1", "7, is 2", "3"),
        *("refused", "1", "refused, is 2", "3"),
    ]
    frames = [patch.get_xy() for patch in axes.patches if isinstance(patch, Rectangle)]
    assert frames == [(32, 40), (32, 80)], "the second digit of the second and of the third row"


def test_the_surest_mistakes_come_first() -> None:
    truth = np.array([0, 1, 2, 3])
    probabilities = np.zeros((4, 10))
    probabilities[[0, 1, 2, 3], [5, 1, 5, 5]] = 0.6, 0.99, 0.8, 0.7
    scores = Scores(probabilities, np.ones(4))
    assert sheets.surest_mistakes(truth, scores) == [2, 3, 0]
    assert sheets.surest_mistakes(truth, scores, most=1) == [2]


@pytest.mark.parametrize(("wrong", "shown"), [(0, 0), (3, 3), (60, 25)])
def test_confident_mistakes(tmp_path: Path, figures: list[Figure], wrong: int, shown: int) -> None:
    truth = np.zeros(60, np.uint8)
    scores = answers([1] * wrong + [0] * (60 - wrong))
    sheets.confident_mistakes(PICTURES, truth, scores, tmp_path / "a.png")
    assert f"The {shown} most confident mistakes of {wrong}" in texts(figures[0])
    assert texts(figures[0]).count("% sure") == shown
    if shown:
        words = [item.get_text() for item in figures[0].axes[0].texts][:2]
        assert words == ["1, is 0", "90.0 % sure, no. 0"]


def test_a_mistake_is_shown_with_its_own_picture(tmp_path: Path, figures: list[Figure]) -> None:
    truth = np.zeros(60, np.uint8)
    scores = answers([0] * 40 + [1] + [0] * 19)
    sheets.confident_mistakes(PICTURES, truth, scores, tmp_path / "a.png")
    shown = figures[0].axes[0].images[0].get_array()
    np.testing.assert_array_equal(shown[:28, :28], PICTURES[40])
