"""The wiring of an export: which pictures each part gets, that failed checks stop it, and what it reports."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")
import onnx

from edgedigits import Classifier
from edgedigits.errors import EdgeDigitsError
from edgedigits_export import export as exporting
from edgedigits_export import pictures, temperature, verify
from edgedigits_export.export import CLEAN, NOISY, TEST, TEST_NOISY, Exported, export
from edgedigits_export.verify import Comparison
from edgedigits_train import data as mnist_data
from edgedigits_train.measures.metrics import scores_of
from edgedigits_train.noise import gaussian

# TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

HEAT = 3.0
Asked = dict[str, list[tuple[Any, ...]]]


class Told(EdgeDigitsError):
    """The error of a failed check."""


def spy(patch: pytest.MonkeyPatch, asked: Asked, where: Any, name: str) -> None:
    """Record the arguments of a function and call it."""
    real = getattr(where, name)

    def noted(*given: Any, **options: Any) -> Any:
        asked.setdefault(name, []).append(given)
        return real(*given, **options)

    patch.setattr(where, name, noted)


@pytest.fixture(scope="module")
def network(run_folder: Path) -> Any:
    return exporting.read_run(run_folder).network()


@pytest.fixture(scope="module")
def held(data: Path) -> pictures.Pictures:
    parts = mnist_data.split(mnist_data.load(data), 3)
    return pictures.held_out(parts.x_val, parts.y_val, 1)


@pytest.fixture(scope="module")
def made(run_folder: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Exported, Asked]:
    """An export with a temperature whose omission would show, and the recorded arguments of its parts."""
    asked: Asked = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(temperature, "fit_temperature", lambda *given: asked.update(fit=[given]) or HEAT)
        for where, name in (
            (exporting, "quantize"),
            (temperature, "rejection_threshold"),
            (verify, "check_format"),
            (verify, "check_conversion"),
            (verify, "check_drop"),
        ):
            spy(patch, asked, where, name)

        def compared(*given: Any) -> Comparison:
            # Both files get all stripes right, so made-up figures tell which result is reported for what.
            asked.setdefault("compare", []).append(given)
            return Comparison(10.0, 10.0 + len(asked["compare"]), 30.0)

        patch.setattr(verify, "compare", compared)
        out = tmp_path_factory.mktemp("wired") / "model.onnx"
        return export(run_folder, out, data=data), asked


def test_everything_is_fitted_with_the_validation_pictures_of_the_run(
    made: tuple[Exported, Asked], held: pictures.Pictures, network: Any
) -> None:
    """On training pictures a network looks surer than it is; test pictures are only reported."""
    _, asked = made
    ((logits, labels),) = asked["fit"]
    np.testing.assert_allclose(logits, verify.logits_of(network, held.noisy), atol=1e-4)
    np.testing.assert_array_equal(labels, held.labels)
    ((_, ranges),) = asked["quantize"]
    np.testing.assert_array_equal(ranges, pictures.calibration(held, 1))
    ((expected, _, compared),) = asked["check_conversion"]
    np.testing.assert_allclose(expected, verify.softmax_of(logits / np.float32(HEAT)), atol=1e-6)
    np.testing.assert_array_equal(compared, held.noisy)


def test_the_thresholds_are_of_the_written_file_each_of_its_own_looks(
    made: tuple[Exported, Asked], held: pictures.Pictures
) -> None:
    exported, asked = made
    contract = exported.contract
    again, once = (
        scores_of(run(exported.path)(held.clean)).digit_score for run in (verify.answers, verify.predictor)
    )
    assert (again != once).any(), "no picture leaves doubt, so the two could not be told apart"
    found = [given[0] for given in asked["rejection_threshold"]]
    np.testing.assert_allclose(found, [again, once], atol=1e-6)
    assert contract.rejection_threshold == temperature.rejection_threshold(found[0])
    assert contract.glance_threshold == temperature.rejection_threshold(found[1])


def test_what_is_told_was_measured_on_the_written_file(
    made: tuple[Exported, Asked], held: pictures.Pictures, data: Path
) -> None:
    exported, asked = made
    mnist = mnist_data.load(data)
    sets = {
        CLEAN: (held.clean, held.labels),
        NOISY: (held.noisy, held.labels),
        TEST: (mnist.x_test, mnist.y_test),
        TEST_NOISY: (gaussian(mnist.x_test, 0.3, np.random.default_rng(1)), mnist.y_test),
    }
    floating, written = (verify.answers(file) for file, _ in asked["check_format"])
    for given, (images, labels) in zip(asked["compare"], sets.values(), strict=True):
        for found, expected in zip(given, (floating(images), written(images), labels), strict=True):
            np.testing.assert_array_equal(found, expected)
    contract = Classifier.load(exported.path).contract
    assert contract == exported.contract
    assert contract.accuracy == dict(zip(sets, (11, 12, 13, 14), strict=True))
    assert contract.temperature == HEAT


def test_both_files_are_checked_and_both_sets_of_validation_pictures(made: tuple[Exported, Asked]) -> None:
    exported, asked = made
    (floating, _), (written, _) = asked["check_format"]
    kinds = [
        {node.op_type for node in onnx.load(io.BytesIO(each)).graph.node} for each in (floating, written)
    ]
    assert ["QuantizeLinear" in each for each in kinds] == [False, True]
    assert asked["check_conversion"][0][1] == floating
    ((compared,),) = asked["check_drop"]
    assert compared == {name: exported.comparisons[name] for name in (CLEAN, NOISY)}


def refuse(*_: object) -> None:
    raise Told("found")


def second(name: str) -> Callable[..., None]:
    """Return a `check_format` that objects only to the int8 file."""

    def check(_: bytes, source: str) -> None:
        if source == name:
            raise Told("found")

    return check


def another(_: bytes) -> Callable[[np.ndarray], np.ndarray]:
    """Return answers that the written file will not give."""
    return lambda images: np.tile(np.eye(11, dtype=np.float32)[0], (len(images), 1))


CHECKS: list[tuple[str, str, Any, str]] = [
    ("a float file that old devices cannot load", "check_format", second("the float file"), "found"),
    ("an int8 file that old devices cannot load", "check_format", second("the int8 file"), "found"),
    ("a conversion that answers otherwise", "check_conversion", refuse, "found"),
    ("an int8 file that reads worse", "check_drop", refuse, "found"),
    (
        "a file that answers otherwise once it lies there",
        "answers",
        another,
        "would not give the same answers",
    ),
]


@pytest.mark.parametrize(("why", "name", "found", "message"), CHECKS, ids=[row[0] for row in CHECKS])
def test_a_check_that_finds_something_stops_the_export(
    why: str,
    name: str,
    found: Any,
    message: str,
    run_folder: Path,
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "MAX_DROP", 100.0)
    monkeypatch.setattr(verify, name, found)
    with pytest.raises(EdgeDigitsError, match=message):
        export(run_folder, tmp_path / "x.onnx", data=data)
    assert list(tmp_path.iterdir()) == [], why
