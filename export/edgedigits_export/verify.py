"""Check a model before it gets its final name: file format, numerical accuracy, answers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx

from edgedigits.classifier import session_options
from edgedigits.errors import EdgeDigitsError
from edgedigits.model.onnxfile import refuse_external_data
from edgedigits.model.views import DOUBT, answered
from edgedigits_export.convert import INPUT, IR_VERSION, OPSET, OUTPUT
from edgedigits_train.measures.metrics import accuracy, scores_of

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float32]

MAX_DIFFERENCE = 1e-4
"""Largest difference in probability from Keras to the float file; summation order alone makes about 1e-6."""
_BATCH = 256
"""Small enough for the activations to stay in the cache."""
MAX_DROP = 0.1
"""Points of accuracy that int8 may cost on validation pictures."""


class Comparison(NamedTuple):
    """Comparison of the float file and the final file on a set of pictures, in percent."""

    before: float
    """Accuracy of the float file."""
    after: float
    """Accuracy of the written file."""
    agreement: float
    """Share of the pictures for which both give the same digit."""

    @property
    def drop(self) -> float:
        """Accuracy lost, in points."""
        return self.before - self.after


def check_format(data: bytes, source: str) -> None:
    """Refuse a file that an old onnxruntime would not load: checks ONNX validity, versions and operators.

    onnxruntime 1.20, the oldest supported, takes opsets up to 21 and IR versions up to 10; opset 17 in
    IR 8 loads since 1.12.
    """
    refuse_external_data(data, source)
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    opsets = {item.domain: item.version for item in model.opset_import}
    foreign = sorted({node.domain for node in model.graph.node} - {""})
    if opsets != {"": OPSET} or model.ir_version != IR_VERSION or foreign:
        raise EdgeDigitsError(
            f"{source} would not load everywhere",
            expected=f"opset {OPSET}, IR version {IR_VERSION}, only ONNX's own operators",
            received=f"opsets {opsets}, IR version {model.ir_version}, domains {foreign}",
        )


def predictor(data: bytes | Path) -> Any:
    """Return a function from uint8 [N, 28, 28] to softmax [N, classes], with the runtime's own settings."""
    import onnxruntime

    session = onnxruntime.InferenceSession(data, session_options(), providers=["CPUExecutionProvider"])

    def predict(images: Images) -> Floats:
        starts = range(0, len(images), _BATCH)
        return np.concatenate([session.run([OUTPUT], {INPUT: images[at : at + _BATCH]})[0] for at in starts])

    return predict


def answers(data: bytes | Path) -> Any:
    """Return a `predictor` that takes a second look at doubtful frames, as the runtime does."""
    return partial(answered, predictor(data), doubt=DOUBT)


def softmax_of(logits: Floats) -> Floats:
    """Return the softmax along the last axis of logits [N, classes]."""
    grown = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float32)


def logits_of(network: Any, images: Images) -> Floats:
    """Return the Keras network's logits [N, classes] for uint8 [N, 28, 28]."""
    floats = (images[..., np.newaxis] / np.float32(255)).astype(np.float32)
    return np.asarray(network.predict(floats, batch_size=_BATCH, verbose=0), np.float32)


def check_conversion(expected: Floats, data: bytes, images: Images) -> float:
    """Return the largest difference between Keras's probabilities [N, classes] and the float file's.

    Raises `EdgeDigitsError` if it exceeds `MAX_DIFFERENCE`, in batches of 1, of 7 and large.
    """
    predict = predictor(data)
    parts = [predict(images[:1]), predict(images[1:8]), predict(images[8:])]
    difference = float(np.abs(np.concatenate(parts) - expected).max())
    if not difference <= MAX_DIFFERENCE:
        raise EdgeDigitsError(
            "the ONNX file does not give the same answers as the Keras network",
            expected=f"probabilities within {MAX_DIFFERENCE:g}",
            received=f"a difference of {difference:.2g}",
            remedy="please report it with the versions of tensorflow and tf2onnx",
        )
    return difference


def compare(before: Floats, after: Floats, labels: Labels) -> Comparison:
    """Compare the softmaxes [N, classes] of two files on pictures with labels [N]."""
    first, second = scores_of(before).labels, scores_of(after).labels
    return Comparison(accuracy(first, labels), accuracy(second, labels), accuracy(second, first))


def check_drop(comparisons: dict[str, Comparison]) -> None:
    """Raise `EdgeDigitsError` if int8 costs more than `MAX_DROP` points on one of the sets."""
    for name, comparison in comparisons.items():
        if comparison.drop > MAX_DROP:
            raise EdgeDigitsError(
                f"int8 costs too much accuracy on {name}",
                expected=f"at most {MAX_DROP} points",
                received=f"{comparison.before:.2f} % -> {comparison.after:.2f} %",
                remedy="train longer, export with --precision fp32, or accept it with --allow-drop",
            )
