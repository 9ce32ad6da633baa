"""Compare network shapes for speed in int8: untrained networks, timed in turns with LiteRT.

    python -m edgedigits_bench.trials.shapes [NAME...] [--rounds 40]

Every network goes through `edgedigits export`'s own conversion and quantization, and through LiteRT's with
the same weights. Time does not depend on the values of the weights, but accuracy does, so this only says
which networks are worth training. Needs the extras `train` and `bench`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from edgedigits.ending import ended

Layer = tuple[int, int, int, str]
"""Filters, kernel, stride, padding of a convolution; batch normalisation and ReLU follow."""
Images = npt.NDArray[np.uint8]


class Network(NamedTuple):
    """Convolutions, and the way from the last map to the dense layer."""

    layers: tuple[Layer, ...]
    pooled: bool = True
    """Whether the dense layer takes the mean over the last map; else it takes the whole map."""


_FIRST: Layer = (32, 6, 2, "valid")
_PACKAGED: tuple[Layer, ...] = (
    _FIRST,
    (48, 3, 2, "same"),
    (48, 3, 1, "same"),
    (48, 3, 1, "valid"),
    (64, 3, 1, "valid"),
)
NETWORKS: dict[str, Network] = {
    "packaged: 12, 6, 6, 4, 2, dense": Network(_PACKAGED, pooled=False),
    "the same, dense on the mean": Network(_PACKAGED),
    "12, 6, 4, 4, 2, dense": Network(
        (_FIRST, (48, 3, 2, "same"), (48, 3, 1, "valid"), (64, 3, 1, "same"), (48, 3, 1, "valid")),
        pooled=False,
    ),
    "12, 6, 4, 2": Network((_FIRST, (64, 3, 2, "same"), (64, 3, 1, "valid"), (64, 3, 1, "valid"))),
    "12, 6, 6, 4": Network(
        (_FIRST, (48, 3, 2, "same"), (64, 3, 1, "same"), (64, 3, 1, "valid")),
    ),
    "12, 6, 6, 6 (the former one)": Network(
        (_FIRST, (48, 3, 2, "same"), (64, 3, 1, "same"), (64, 3, 1, "same"))
    ),
    "14, 7, 7, 7": Network(((32, 6, 2, "same"), (48, 3, 2, "same"), (64, 3, 1, "same"), (64, 3, 1, "same"))),
    "12, 12, 6, 6, 4, 2": Network(
        (
            _FIRST,
            (32, 3, 1, "same"),
            (48, 3, 2, "same"),
            (48, 3, 1, "same"),
            (48, 3, 1, "valid"),
            (48, 3, 1, "valid"),
        )
    ),
    "8x8 patches: 6, 6, 6": Network(((64, 8, 4, "valid"), (64, 3, 1, "same"), (64, 3, 1, "same"))),
    "8x8 patches: 6, 6, 4": Network(((64, 8, 4, "valid"), (64, 3, 1, "same"), (64, 3, 1, "valid"))),
    "3x3 layers: 28, 14, 7, 7": Network(
        ((16, 3, 1, "same"), (32, 3, 2, "same"), (64, 3, 2, "same"), (64, 3, 1, "same"))
    ),
}
"""Named by the sides of the feature maps."""


class Times(NamedTuple):
    """Medians in microseconds per digit."""

    parameters: int
    bytes: int
    fp32: float
    int8: float
    litert: float
    int8_of_ten: float
    litert_of_ten: float
    """The better of ten calls and one call with ten pictures."""


def build(design: Network) -> Any:
    """Return the network, with batch normalisation statistics that make the biases non-zero."""
    import keras

    rng = np.random.default_rng(1)
    x = image = keras.Input((28, 28, 1), name="image")
    for filters, kernel, stride, padding in design.layers:
        x = keras.layers.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    head = keras.layers.GlobalAveragePooling2D() if design.pooled else keras.layers.Flatten()
    network = keras.Model(image, keras.layers.Dense(11)(head(x)))
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([values + rng.uniform(0, 0.2, values.shape) for values in layer.get_weights()])
    return network


def measure(design: Network, pictures: Images, rounds: int) -> Times:
    """Convert, quantize and time one network; `pictures` uint8 [N >= 10, 28, 28] calibrate it and time it."""
    from edgedigits_bench.speed.latency import SystemClock, medians
    from edgedigits_bench.speed.litert import to_int8
    from edgedigits_export.convert import to_onnx
    from edgedigits_export.quantize import quantize

    network = build(design)
    floating = to_onnx(network)
    quantized = quantize(floating, pictures).SerializeToString()
    with contextlib.redirect_stdout(sys.stderr):  # the converter prints its progress
        lite = to_int8(network, pictures)
    calls: dict[str, Callable[[int], object]] = {}
    for count in (1, 10):
        few = np.ascontiguousarray(pictures[:count])
        calls[f"fp32 {count}"] = _onnxruntime(floating.SerializeToString(), few)
        calls[f"int8 {count}"] = _onnxruntime(quantized, few)
        calls[f"litert {count}"] = _litert(lite, few)
    for call in calls.values():
        for index in range(50):
            call(index)
    us = medians(calls, rounds, 20, SystemClock())
    return Times(
        parameters=network.count_params(),
        bytes=len(quantized),
        fp32=us["fp32 1"],
        int8=us["int8 1"],
        litert=us["litert 1"],
        int8_of_ten=us["int8 10"] / 10,
        litert_of_ten=min(us["litert 1"], us["litert 10"] / 10),
    )


def row(name: str, times: Times) -> str:
    """Return a line of a Markdown table."""
    ratios = (
        times.int8 / times.litert,
        times.int8_of_ten / times.litert_of_ten,
        times.int8 / times.fp32,
        times.int8_of_ten / times.int8,
    )
    figures = (times.fp32, times.int8, times.litert, times.int8_of_ten, times.litert_of_ten)
    cells = [name, f"{times.parameters:,}", f"{times.bytes / 1000:.0f}", *(f"{us:.1f}" for us in figures)]
    return "| " + " | ".join([*cells, *(f"{ratio:.2f}" for ratio in ratios)]) + " |"


HEADER = (
    "| network | parameters | kB | fp32 | int8 | LiteRT | int8, of ten | LiteRT, of ten "
    "| int8/LiteRT | of ten | int8/fp32 | ten/one |\n|---|" + "---:|" * 11
)


def _onnxruntime(data: bytes, images: Images) -> Callable[[int], object]:
    import onnxruntime

    from edgedigits.classifier import session_options

    session = onnxruntime.InferenceSession(data, session_options(), providers=["CPUExecutionProvider"])
    given = {session.get_inputs()[0].name: images}
    names = [session.get_outputs()[0].name]
    return lambda _: session.run(names, given)


def _litert(data: bytes, images: Images) -> Callable[[int], object]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_content=data, num_threads=1)
    source, target = (details[0]["index"] for details in _ends(interpreter))
    interpreter.resize_tensor_input(source, [len(images), 28, 28, 1])
    interpreter.allocate_tensors()
    given = images[..., None]

    def run(_: int) -> object:
        interpreter.set_tensor(source, given)
        interpreter.invoke()
        return interpreter.get_tensor(target)

    return run


def _ends(interpreter: Any) -> tuple[Any, Any]:
    return interpreter.get_input_details(), interpreter.get_output_details()


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.trials.shapes")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NETWORKS)} (default: all)")
    parser.add_argument("--rounds", type=int, default=40, help="turns of 20 calls each (default: 40)")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    noise = np.random.default_rng(1).integers(0, 256, (100, 28, 28), np.uint8)
    print(HEADER)
    for chosen in given.names or NETWORKS:
        print(row(chosen, measure(NETWORKS[chosen], noise, given.rounds)), flush=True)


if __name__ == "__main__":
    sys.exit(ended(main))
