"""Export a run folder: convert, quantize, verify, and write the file under its final name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits.classifier import Classifier
from edgedigits.errors import DataError, EdgeDigitsError, UsageError
from edgedigits.model.contract import DIGITS, NONE_LABEL, Contract
from edgedigits.model.views import DOUBT
from edgedigits_export import temperature, verify
from edgedigits_export.convert import to_onnx
from edgedigits_export.metadata import with_contract
from edgedigits_export.pictures import calibration, held_out
from edgedigits_export.quantize import quantize
from edgedigits_export.run_folder import read_run
from edgedigits_train import data as mnist_data
from edgedigits_train.measures.metrics import scores_of
from edgedigits_train.noise import gaussian
from edgedigits_train.outputs import check_folder

Progress = Callable[[str], None]

CLEAN, NOISY = "validation clean", "validation noisy"
TEST, TEST_NOISY = "test clean", "test Gaussian 0.3"


@dataclass(frozen=True)
class Exported:
    """What was written, and what was measured of it."""

    path: Path
    bytes: int
    float_bytes: int
    """Size of the float file of the same network in bytes."""
    contract: Contract
    difference: float
    """Largest difference in probability between Keras and the float file."""
    comparisons: dict[str, verify.Comparison]
    """Comparison of the float file with the written one, by set of pictures."""
    refused: float
    """Percent of the clean test digits that the file refuses."""


def export(
    run_folder: Path,
    out: Path,
    *,
    precision: str = "int8",
    data: Path | None = None,
    allow_drop: bool = False,
    force: bool = False,
    progress: Progress = lambda text: None,
) -> Exported:
    """Write the network of `run_folder` as the ONNX file `out`; `precision` is "int8" or "fp32".

    The temperature, the rejection threshold and the int8 ranges are fitted on the run's validation
    pictures; test pictures are used only for reporting. The file appears under its name only after all
    checks have passed. Raises an `EdgeDigitsError` for a run, data or an output that cannot be used, and
    for a file that fails a check.
    """
    _check_target(out, force)
    run = read_run(run_folder)
    mnist = mnist_data.load(data)
    if mnist.sha256 != run.data_sha256:
        raise DataError(
            "this is not the data that the run was trained on, so its validation pictures are unknown",
            expected=f"sha256 {run.data_sha256}",
            received=f"sha256 {mnist.sha256}",
            remedy="give the same data with --data or EDGEDIGITS_DATA",
        )
    split = mnist_data.split(mnist, run.split_seed)
    pictures = held_out(split.x_val, split.y_val, run.seed)

    progress("reading the network")
    network = run.network()
    progress("fitting the temperature")
    logits = verify.logits_of(network, pictures.noisy)
    heat = temperature.fit_temperature(logits, pictures.labels)
    temperature.fold_temperature(network, heat)
    progress("converting")
    floating = to_onnx(network)
    contract = Contract(
        labels=(*DIGITS, NONE_LABEL)[: logits.shape[1]],
        rejection_threshold=0.0,
        doubt=DOUBT,
        temperature=round(heat, 6),
        name=f"edgedigits-{run.architecture}",
        version=version("edgedigits"),
        precision=precision,
        architecture=run.architecture,
        training_noise=run.mix,
        training_data_sha256=mnist.sha256,
        seed=run.seed,
    )
    float_bytes = with_contract(floating, replace(contract, precision="fp32"))
    verify.check_format(float_bytes, "the float file")
    expected = verify.softmax_of(logits / np.float32(heat))
    difference = verify.check_conversion(expected, float_bytes, pictures.noisy)

    final = floating
    if precision == "int8":
        progress("quantizing")
        final = quantize(floating, calibration(pictures, run.seed))
    progress("verifying")
    final_bytes = with_contract(final, contract)
    verify.check_format(final_bytes, "the int8 file")
    before, after = verify.answers(float_bytes), verify.answers(final_bytes)
    clean = after(pictures.clean)
    test = after(mnist.x_test)
    grainy = gaussian(mnist.x_test, 0.3, np.random.default_rng(run.seed))
    comparisons = {
        CLEAN: verify.compare(before(pictures.clean), clean, pictures.labels),
        NOISY: verify.compare(before(pictures.noisy), after(pictures.noisy), pictures.labels),
        TEST: verify.compare(before(mnist.x_test), test, mnist.y_test),
        TEST_NOISY: verify.compare(before(grainy), after(grainy), mnist.y_test),
    }
    if not allow_drop:
        verify.check_drop({name: comparisons[name] for name in (CLEAN, NOISY)})
    threshold = temperature.rejection_threshold(scores_of(clean).digit_score)
    once = verify.predictor(final_bytes)(pictures.clean)
    contract = replace(
        contract,
        rejection_threshold=threshold,
        glance_threshold=temperature.rejection_threshold(scores_of(once).digit_score),
        accuracy={name: round(item.after, 3) for name, item in comparisons.items()},
    )
    final_bytes = with_contract(final, contract)
    _write(out, final_bytes, pictures.clean[:100], scores_of(clean[:100]).probabilities)
    return Exported(
        path=out,
        bytes=len(final_bytes),
        float_bytes=len(float_bytes),
        contract=contract,
        difference=difference,
        comparisons=comparisons,
        refused=100 * float(np.mean(scores_of(test).digit_score < threshold)),
    )


def _check_target(out: Path, force: bool) -> None:
    """Refuse now what would otherwise fail after minutes of work."""
    if out.suffix != ".onnx":
        raise UsageError(f"{out} is not a name for an ONNX file", expected="a name that ends in .onnx")
    if out.is_dir():
        raise UsageError(f"{out} is a folder", expected="the name of a file")
    if out.exists() and not force:
        raise UsageError(f"{out} exists", remedy="choose another --out, or replace it with --force")
    check_folder(out.parent)


def _write(
    out: Path, data: bytes, images: npt.NDArray[np.uint8], expected: npt.NDArray[np.floating[Any]]
) -> None:
    """Write beside the target, read back as a device would, and only then rename."""
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(suffix=".onnx", prefix=f".{out.stem}-", dir=out.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        answer = Classifier.load(temporary).predict(images).probabilities
        if not np.allclose(answer, expected, atol=1e-6):
            raise EdgeDigitsError(
                f"{out} would not give the same answers as before it was written",
                received=f"a difference of {np.abs(answer - expected).max():.2g}",
            )
        temporary.chmod(0o644)
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
