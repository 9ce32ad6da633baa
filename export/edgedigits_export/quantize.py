"""Static int8 quantization, followed by the rewrites that only an int8 graph needs."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx

from edgedigits_export.convert import INPUT, pin_versions
from edgedigits_export.graph import name_graph, share_constants
from edgedigits_export.pairs import first_outputs_in_pairs
from edgedigits_export.patches import strided_first_layer_to_depth
from edgedigits_export.rounding import round_weights
from edgedigits_export.tail import float_softmax, pooled_channels_last, small_pool_into_dense

Images = npt.NDArray[np.uint8]

_CALIBRATION_BATCH = 100
STEPS, REDUCED_STEPS = 127, 64
"""What onnxruntime scales a channel's largest int8 weight to, with 8 and with 7 bits."""


def quantize(model: onnx.ModelProto, calibration: Images) -> onnx.ModelProto:
    """Return an int8 QDQ copy of a float model made by `convert.to_onnx`.

    `calibration`, uint8 [N, 28, 28], sets the range of every activation (minimum and maximum). It should
    look like the pictures in use, and must not contain test pictures.

    Activations are uint8, weights int8 per channel. Weights use 7 of their 8 bits: a CPU without VNNI adds
    pairs of u8 x s8 products in 16 bits with saturation, and 2 x 255 x 64 is the most that fits, so the
    same file gives the same answers everywhere (onnxruntime's "reduce_range"). Rounding the weights
    together instead of one by one makes up for the lost bit (`rounding`). The format is QDQ, not QOperator,
    because QDQ uses plain ONNX operators and each runtime fuses them in its own way.
    """
    return quantize_as(model, calibration)


def quantize_as(
    model: onnx.ModelProto,
    calibration: Images,
    *,
    layout: str = "QDQ",
    activations: str = "QUInt8",
    reduce_range: bool = True,
    per_channel: bool = True,
    to_depth: bool = True,
    in_pairs: bool = True,
    together: bool = True,
) -> onnx.ModelProto:
    """Quantize like `quantize`, with its choices as arguments, for `edgedigits_bench.trials.formats`.

    With `together`, weights are rounded so that their errors cancel, if each channel has its own scale.
    `layout` names a member of onnxruntime's `QuantFormat`, `activations` one of its `QuantType`.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    source = onnx.ModelProto()
    source.CopyFrom(model)
    if to_depth:
        strided_first_layer_to_depth(source.graph)
    small_pool_into_dense(source)
    pooled_channels_last(source.graph)
    if together and per_channel:
        round_weights(source, calibration, REDUCED_STEPS if reduce_range else STEPS)
    with tempfile.TemporaryDirectory() as folder, _quietly():
        before, after = Path(folder) / "fp32.onnx", Path(folder) / "int8.onnx"
        onnx.save(source, before)
        quantize_static(
            before,
            after,
            _reader(calibration),
            quant_format=QuantFormat[layout],
            per_channel=per_channel,
            reduce_range=reduce_range,
            activation_type=QuantType[activations],
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
        quantized = onnx.load(after)
    if in_pairs:
        first_outputs_in_pairs(quantized.graph)
    float_softmax(quantized.graph)
    share_constants(quantized.graph)
    name_graph(quantized.graph)
    if layout == "QDQ":
        pin_versions(quantized)
    return quantized


def _reader(calibration: Images) -> Any:
    from onnxruntime.quantization import CalibrationDataReader

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            starts = range(0, len(calibration), _CALIBRATION_BATCH)
            self._batches = iter([{INPUT: calibration[at : at + _CALIBRATION_BATCH]} for at in starts])

        def get_next(self) -> dict[str, Images] | None:
            return next(self._batches, None)

    return Reader()


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Silence the quantizer, which gives advice (already followed) on the root logger and with print."""
    level = logging.root.level
    logging.root.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.root.setLevel(level)
