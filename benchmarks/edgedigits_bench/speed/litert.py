"""Convert a run's own network to LiteRT (TFLite) int8, for a fair comparison of runtimes.

    python -m edgedigits_bench.speed.litert runs/NAME --out network.tflite [--data mnist.npz]

Same Keras weights, same calibration pictures as in `edgedigits export`, same interface: bytes in, float
probabilities out. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits.ending import ended

_BATCH = 50
"""Calibration pictures per step: the calibrator's cost is per step."""


def convert(run: Path, data: Path | None) -> bytes:
    """Return the int8 file of the network in a run folder of `edgedigits train`.

    Raises `EdgeDigitsError` for a folder that is no run and for data that is not MNIST.
    """
    from edgedigits_export.pictures import calibration, held_out
    from edgedigits_export.run_folder import read_run
    from edgedigits_train.data import load, split

    found = read_run(run)
    parts = split(load(data), found.split_seed)
    pictures = calibration(held_out(parts.x_val, parts.y_val, found.seed), found.seed)
    return to_int8(found.network(), pictures)


def to_int8(network: Any, pictures: npt.NDArray[np.uint8]) -> bytes:
    """Convert a Keras network of logits to int8: uint8 [N, 28, 28, 1] in, float32 probabilities out.

    `pictures`, uint8 [N, 28, 28], set the ranges of the activations. The probabilities are floats because
    ours are too; int8 logits would save LiteRT 1.5 of 29 µs on the packaged network.
    """
    import keras
    import tensorflow as tf

    floats = pictures[..., None].astype(np.float32) / np.float32(255)
    probabilities = keras.layers.Softmax()(network.outputs[0])
    converter = tf.lite.TFLiteConverter.from_keras_model(keras.Model(network.inputs, probabilities))
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: (
        [floats[at : at + _BATCH]] for at in range(0, len(floats), _BATCH)
    )
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.uint8
    converter.inference_output_type = tf.float32
    answer: bytes = converter.convert()
    return answer


def reason(stderr: str) -> str:
    """Return the error with which this command ended: our indented lines, or the traceback's last line."""
    lines = stderr.strip().splitlines() or ["no reason given"]
    at = max((number for number, line in enumerate(lines) if not line.startswith("  ")), default=0)
    return "; ".join(line.strip() for line in lines[at:])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.speed.litert")
    parser.add_argument("run", type=Path, help="folder that `edgedigits train` wrote")
    parser.add_argument("--out", type=Path, required=True, help="the .tflite file to write")
    parser.add_argument("--data", type=Path, help="MNIST, as for `edgedigits train`")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    given.out.write_bytes(convert(given.run, given.data))


if __name__ == "__main__":
    sys.exit(ended(main))
