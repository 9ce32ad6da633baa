"""`explore`, `evaluate` and the run report, on a data set and a model with known answers."""

from __future__ import annotations

import io
import json
import math
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits.cli import main
from edgedigits_train import data
from edgedigits_train.measures import evaluation
from edgedigits_train.measures.metrics import Images, Scores
from edgedigits_train.measures.subject import open_subject
from edgedigits_train.progress import Progress
from edgedigits_train.reports.report import write_run_report
from edgedigits_train.reports.table import table

TINY = Path(__file__).parents[1] / "assets" / "tiny.onnx"
"""Pixel k of the first row votes for label k."""


def digits(count: int, seed: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return pictures that the tiny model reads correctly: a bright block, and the label in the first row."""
    truth = (np.arange(count) % 10).astype(np.uint8)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 8:20, 8:20] = np.random.default_rng(seed).integers(150, 256, (count, 12, 12), np.uint8)
    images[np.arange(count), 0, truth] = 255
    return images, truth


@pytest.fixture
def mnist(tmp_path: Path) -> Path:
    (x_train, y_train), (x_test, y_test) = digits(400, 1), digits(120, 2)
    y_test[:6] = (y_test[:6] + 1) % 10  # six labels of 120 are wrong, so 95 % is the maximum
    np.savez(tmp_path / "set.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return tmp_path / "set.npz"


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """Outliers: letters of one stroke that leave the first row black, so that all classes tie."""
    (tmp_path / "sets").mkdir()
    letters = np.full((24, 105, 105), 255, np.uint8)
    letters[:, 20:90, 50:54] = 0
    np.savez(tmp_path / "sets" / "omniglot_greek_ood.npz", x=letters, y=np.arange(24))
    return tmp_path


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["evaluate", str(TINY), *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_json_has_every_figure_with_its_target(
    capsys: pytest.CaptureFixture[str], mnist: Path, sets: Path
) -> None:
    code, out, err = evaluated(capsys, "--data", mnist, "--sets", sets, "--json")
    assert (code, err) == (0, "")
    record = json.loads(out)
    rows = {row["name"]: row for row in record["rows"]}
    assert set(evaluation.TARGETS) - set(rows) == {"largest difference"}
    assert (record["split"], record["count"], record["data"]) == ("test", 120, "checksum unknown")
    assert rows["clean"]["value"] == 95
    assert rows["clean"]["target"] == {"limit": 99.65, "at_least": True}
    assert rows["clean"]["met"] is False
    assert rows["clean"]["refused"] == 0
    assert rows["file size"]["met"] is True
    # Inverting columns 0 to 6 of the first row makes several labels equally strong. The model takes the
    # first of the brightest, which is 0 or 1 and hardly ever right.
    assert rows["stripe"]["value"] < 50
    # All classes have 1/11: ten of eleven parts count for "a digit", so a letter passes for one.
    assert rows["Greek letters accepted"]["value"] == 100
    assert rows["AUROC, Greek letters"]["value"] == 100
    skipped = rows["AUROC, photographed letters"]
    assert (skipped["value"], skipped["met"]) == (None, None)
    assert "there are no pictures in" in skipped["note"]


def test_the_validation_split_is_drawn_from_the_training_pictures(
    capsys: pytest.CaptureFixture[str], mnist: Path, sets: Path
) -> None:
    _, out, _ = evaluated(capsys, "--data", mnist, "--sets", sets, "--split", "validation", "--json")
    record = json.loads(out)
    assert (record["split"], record["count"]) == ("validation", 40)
    assert {row["name"]: row for row in record["rows"]}["clean"]["value"] == 100


def test_against_itself_there_is_no_difference(
    capsys: pytest.CaptureFixture[str], mnist: Path, sets: Path
) -> None:
    _, out, _ = evaluated(capsys, "--data", mnist, "--sets", sets, "--against", TINY)
    (worst,) = [line for line in out.splitlines() if line.startswith("largest difference")]
    assert worst.split()[2:8] == ["+0.00", "points", "<=", "0.05", "points", "met"]
    (clean,) = [line for line in out.splitlines() if line.startswith("clean  ")]
    assert " ".join(clean.split()) == "clean 95.00 % ± 4.08 >= 99.65 % missed 0.00 % +0.00"


def test_pictures_are_written_where_they_were_asked_for(
    capsys: pytest.CaptureFixture[str], mnist: Path, sets: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "b"
    code, out, err = evaluated(capsys, "--data", mnist, "--sets", sets, "--out", folder)
    assert (code, err) == (0, f"plots: {folder}\n")
    assert sorted(path.name for path in folder.iterdir()) == [
        "confident_mistakes.png",
        "confusion_matrix.png",
        "evaluation.json",
        "noise_curve.png",
        "rejection.png",
        "reliability.png",
        "sample_predictions.png",
    ]
    assert json.loads((folder / "evaluation.json").read_text())["sha256"] == open_subject(TINY).sha256
    assert out.splitlines()[1] == "120 test pictures of checksum unknown, each corrupted once"


@pytest.mark.parametrize("name", ["evaluation.json", "rejection.png"])
def test_what_is_there_stays_unless_it_is_to_be_replaced(
    capsys: pytest.CaptureFixture[str], mnist: Path, sets: Path, name: str
) -> None:
    """Regression: the second of two evaluations silently replaced the first."""
    (taken := sets / name).write_text("mine", "utf-8")
    code, out, err = evaluated(capsys, "--data", mnist, "--sets", sets, "--out", sets)
    assert (code, out) == (2, "")
    assert err.startswith(f"edgedigits: {taken} exists\n")
    assert taken.read_text("utf-8") == "mine"
    assert evaluated(capsys, "--data", mnist, "--sets", sets, "--out", sets, "--force")[0] == 0
    assert taken.read_bytes() != b"mine"


def test_tensorflow_is_not_needed(
    capsys: pytest.CaptureFixture[str], mnist: Path, sets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tensorflow", "keras", "matplotlib"):
        monkeypatch.setitem(sys.modules, name, None)  # importing it now fails
    code, _, _ = evaluated(capsys, "--data", mnist, "--sets", sets)
    assert code == 0


@pytest.mark.parametrize(
    ("model", "words"),
    [("nowhere.onnx", "nowhere.onnx cannot be read"), (".", "is not the folder of a run")],
)
def test_what_is_no_model_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mnist: Path, model: str, words: str
) -> None:
    assert main(["evaluate", str(tmp_path / model), "--data", str(mnist)]) == 1
    assert words in capsys.readouterr().err


def test_the_table_keeps_its_columns() -> None:
    rows = [
        evaluation.Row("clean", 99.712, margin=0.11, refused=0.05, difference=-0.02),
        evaluation.Row("fog", 3.0),
        evaluation.Row("file size", 97.4, "kB", note="97,400 bytes"),
        evaluation.Row("AUROC, Greek letters", math.nan, note="skipped: no data"),
    ]
    assert table(rows, indented=["fog"]).splitlines() == [
        "                      measured          target           refused  difference",
        "clean                  99.71 %  ± 0.11  >= 99.65 %  met   0.05 %       -0.02",
        "  fog                   3.00 %",
        "file size              97.4 kB          <= 100 kB   met                       97,400 bytes",
        "AUROC, Greek letters         -          >= 98.5 %                             skipped: no data",
    ]


@pytest.mark.parametrize(
    ("name", "value", "met"),
    [
        ("clean", 99.65, True),
        ("clean", 99.64, False),
        ("file size", 100.0, True),
        ("largest difference", -0.06, False),  # a loss counts like a gain: its absolute value matters
        ("largest difference", -0.05, True),
    ],
)
def test_targets(name: str, value: float, met: bool) -> None:
    assert evaluation.TARGETS[name].met(value) is met


def test_the_number_of_steps_is_known_beforehand() -> None:
    images, truth = digits(10, 0)
    for reference in (None, perfect):
        steps: list[str] = []
        evaluation.evaluate(
            perfect, images, truth, threshold=0.5, outliers={}, reference=reference, step=steps.append
        )
        assert len(steps) == evaluation.steps(reference is not None)


def perfect(images: Images) -> Scores:
    count = len(images)
    return Scores(np.eye(10)[np.arange(count) % 10], np.ones(count))


def test_differences_are_to_the_other_model_on_the_same_pictures() -> None:
    images, truth = digits(20, 0)

    def half(images: Images) -> Scores:
        return Scores(np.eye(10)[np.arange(20) % 5], np.ones(20))

    result = evaluation.evaluate(half, images, truth, threshold=None, outliers={}, reference=perfect)
    rows = {row.name: row for row in result.rows}
    assert rows["clean"].difference == -50
    assert rows["largest difference"].value == -50
    assert rows["clean"].refused is None
    assert "the threshold is set by export" in rows["clean digits refused"].note

    def half_of_clean(found: Images) -> Scores:
        return half(found) if found is images else perfect(found)

    result = evaluation.evaluate(half_of_clean, images, truth, threshold=None, outliers={}, reference=perfect)
    worst = {row.name: row.value for row in result.rows}["largest difference"]
    assert worst == -50, "a loss outweighs the zeros beside it"


def test_a_score_at_the_threshold_is_accepted() -> None:
    """As the runtime does it, which refuses what is below."""
    images, truth = digits(10, 0)

    def doubtful(found: Images) -> Scores:
        return Scores(np.eye(10)[np.arange(len(found)) % 10], np.full(len(found), 0.5))

    outliers: dict[str, Images | str] = {"Greek letters": images, "photographed letters": "none here"}
    for threshold, refused in ((0.5, 0), (0.51, 100)):
        result = evaluation.evaluate(doubtful, images, truth, threshold=threshold, outliers=outliers)
        rows = {row.name: row for row in result.rows}
        assert rows["clean"].refused == rows["clean digits refused"].value == refused
        assert rows["Greek letters accepted"].value == 100 - refused
        assert math.isnan(rows["photographed letters accepted"].value)


def test_run_report(tmp_path: Path, mnist: Path) -> None:
    loaded = data.load(mnist)
    score = open_subject(TINY).score

    def predict(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        scores = score(images)
        digits = scores.probabilities * scores.digit_score[:, None]
        return np.column_stack([digits, 1 - scores.digit_score]).astype(np.float32)

    history = [{"epoch": 1.0, "loss": 0.5, "accuracy": 0.8, "val_loss": 0.4, "val_accuracy": 0.9}]
    folder = tmp_path / "run"
    returned = write_run_report(folder, predict, data.split(loaded, 0), loaded, history)
    assert sorted(path.name for path in folder.iterdir()) == [
        "confusion_matrix.png",
        "loss_accuracy.png",
        "metrics.json",
        "noise_curve.png",
        "sample_predictions.png",
    ]
    assert json.loads((folder / "metrics.json").read_text()) == returned
    assert (returned["validation"]["clean"], returned["test"]["clean"]) == (100, 95)
    assert (returned["validation"]["count"], returned["test"]["count"]) == (40, 120)
    assert set(returned["test"]["noise"]) == set(evaluation.NOISES)
    mean = np.mean(list(returned["test"]["noise"].values()))
    assert returned["test"]["noise_mean"] == pytest.approx(mean, abs=0.001)


def test_explore(capsys: pytest.CaptureFixture[str], tmp_path: Path, mnist: Path) -> None:
    folder = tmp_path / "sheet"
    assert main(["explore", "--data", str(mnist), "--out", str(folder)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith("checksum unknown, sha256 ")
    assert lines[4].split()[:3] == ["0", "40", "11"]  # one of the twelve is mislabelled as 1
    assert lines[14].split()[:3] == ["all", "400", "120"]
    assert err == f"samples: {folder / 'samples.png'}\n"
    assert (folder / "samples.png").stat().st_size > 10_000


def test_explore_overwrites_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path, mnist: Path) -> None:
    """Regression: a picture of that name was silently replaced."""
    (tmp_path / "samples.png").write_text("mine")
    for name in ("samples-2.png", "samples-3.png"):
        assert main(["explore", "--data", str(mnist), "--out", str(tmp_path)]) == 0
        assert capsys.readouterr().err == f"samples: {tmp_path / name}\n"
    assert (tmp_path / "samples.png").read_text() == "mine"


@pytest.mark.parametrize(
    ("verb", "out"),
    [
        (["explore"], "set.npz"),  # a file; was reported as "[Errno 17]" after all tables
        (["explore"], "set.npz/deeper"),  # below a file
        (["evaluate", str(TINY)], "set.npz"),  # was reported after all the measuring
    ],
)
def test_an_out_that_is_no_folder_is_told_first(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mnist: Path, verb: list[str], out: str
) -> None:
    assert main([*verb, "--data", str(mnist), "--out", str(tmp_path / out)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "set.npz, which is not a folder" in told.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"half a file", "model.keras is damaged"),  # was Keras's "File not found", in a traceback
        (b"", "0 bytes; not a complete zip archive"),
        (b"PK\x05\x06" + bytes(18), "model.keras is damaged"),  # an empty archive: was a KeyError
        (None, "no trained network at"),  # stopped before the end of its first epoch
    ],
)
def test_a_damaged_run_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mnist: Path, content: bytes | None, words: str
) -> None:
    pytest.importorskip("keras", reason="the extra `train` is not installed")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text("{}")
    if content is not None:
        (tmp_path / "run" / "model.keras").write_bytes(content)
    assert main(["evaluate", str(tmp_path / "run"), "--data", str(mnist)]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
def test_a_network_of_other_pictures_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mnist: Path
) -> None:
    keras = pytest.importorskip("keras", reason="the extra `train` is not installed")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text("{}")
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save(tmp_path / "run" / "model.keras")
    assert main(["evaluate", str(tmp_path / "run"), "--data", str(mnist)]) == 1
    assert "is not a digit network" in capsys.readouterr().err


def test_explore_copes_with_a_class_that_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    x, y = digits(30, 0)
    chosen = y != 4
    np.savez(tmp_path / "few.npz", x_train=x[chosen], y_train=y[chosen], x_test=x, y_test=y)
    assert main(["explore", "--data", str(tmp_path / "few.npz"), "--out", str(tmp_path)]) == 0
    assert [line.split()[:3] for line in capsys.readouterr().out.splitlines()][8] == ["4", "0", "3"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_only_on_a_terminal() -> None:
    quiet, shown = io.StringIO(), Terminal()
    for stream in (quiet, shown):
        with Progress(2, stream) as progress:
            progress.step("first")
            progress.step("second")
    assert quiet.getvalue() == ""
    assert "  0 %  first" in shown.getvalue()
    assert " 50 %  second" in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K"), "the line is cleared at the end"


@pytest.mark.parametrize(
    ("steps", "lines", "why"),
    [
        ((0, 20, 40, 59), [], "all is done in less than a minute"),
        ((0, 20, 40, 66), ["step 4 of 4: d; less than a minute to go"], "the last begins later"),
        (
            (0, 60, 120, 180),
            [
                "step 2 of 4: b; about 3 minutes to go",
                "step 3 of 4: c; about 2 minutes to go",
                "step 4 of 4: d; about a minute to go",
            ],
            "one a minute",
        ),
        ((0, 600, 610, 630), ["step 2 of 4: b; about 30 minutes to go"], "no more than that"),
    ],
)
def test_without_a_terminal_a_line_now_and_then(steps: tuple[float, ...], lines: list[str], why: str) -> None:
    """Regression: an evaluation of tens of minutes wrote nothing into a log."""
    seconds = iter((0.0, *steps[1:]))
    with Progress(4, stream := io.StringIO(), clock=lambda: next(seconds)) as progress:
        for doing in "abcd":
            progress.step(doing)
    assert stream.getvalue().splitlines() == lines, why


def test_a_run_that_doubts_everything_is_looked_at_again_in_large_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: Keras was called for every 64 doubtful frames, which took twice as long."""
    pytest.importorskip("keras", reason="the extra `train` is not installed")
    from edgedigits_train import fit, networks

    calls: list[int] = []

    def doubting(model: object, images: Images) -> npt.NDArray[np.float32]:
        calls.append(len(images))
        return np.full((len(images), 11), 1 / 11, np.float32)

    monkeypatch.setattr(networks, "open_network", lambda path, compiled: None)
    monkeypatch.setattr(networks, "require_digits", lambda model, path: None)
    monkeypatch.setattr(fit, "probabilities", doubting)
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.keras").write_bytes(b"")
    scores = open_subject(tmp_path).score(np.zeros((2500, 28, 28), np.uint8))
    assert scores.probabilities.shape == (2500, 10)
    assert calls == [2500, 6000, 6000, 3000]
