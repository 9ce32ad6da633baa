"""The LiteRT (TFLite) int8 file of a run's own network, so that the runtimes meet on equal terms.

    python -m edgedigits_bench.litert runs/NAME --out network.tflite [--data mnist.npz]

Same Keras weights, same calibration pictures as `edgedigits export` takes, same contract: bytes in,
probabilities as floats out. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from edgedigits.errors import EdgeDigitsError

_BATCH = 50
"""Calibration pictures a step: the calibrator's cost is by the step."""


def convert(run: Path, data: Path | None) -> bytes:
    """The int8 file of a folder that `edgedigits train` wrote.

    Raises `EdgeDigitsError` for a folder that is no run and for data that is not MNIST.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy as np
    import tensorflow as tf

    from edgedigits_export.pictures import calibration, held_out
    from edgedigits_export.run_folder import read_run
    from edgedigits_train.data import load, split

    found = read_run(run)
    parts = split(load(data), found.split_seed)
    pictures = calibration(held_out(parts.x_val, parts.y_val, found.seed), found.seed)
    floats = pictures[..., None].astype(np.float32) / 255
    network = found.network()
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


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m edgedigits_bench.litert")
    parser.add_argument("run", type=Path, help="folder that `edgedigits train` wrote")
    parser.add_argument("--out", type=Path, required=True, help="the .tflite file to write")
    parser.add_argument("--data", type=Path, help="MNIST, as for `edgedigits train`")
    given = parser.parse_args()
    try:
        given.out.write_bytes(convert(given.run, given.data))
    except EdgeDigitsError as error:
        sys.exit(str(error))
