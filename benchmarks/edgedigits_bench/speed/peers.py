"""Peers: other ways to do our classifier's work, behind one interface: bytes of N pictures in, scores out.

A peer that is unavailable here (not installed, no file given, wrong answers) is reported with the reason,
never left out silently.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from edgedigits import Classifier
from edgedigits.classifier import session_options
from edgedigits.model.engine import bound
from edgedigits_bench.speed.litert import reason

Images = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float32]
Run = Callable[[Images], Scores]
"""uint8 [N, 28, 28] -> [N, classes], whose first ten columns are the digits.

The next call may overwrite the answer."""


class Unavailable(Exception):
    """Says why a peer takes no part."""


@dataclass(frozen=True)
class Setup:
    """What peers are made from."""

    model: Path
    """Our model file."""
    threads: int
    pictures: Images
    """About [50, 28, 28]: to check answers, and to calibrate networks without training data."""
    fp32: Path | None = None
    """The float file of the same network, from `edgedigits export --precision fp32`."""
    run: Path | None = None
    """The training run of the same network, for peers that are made from Keras."""
    tflite: Path | None = None
    """The LiteRT file of the same network; without it, one is converted from `run`."""
    data: Path | None = None
    """MNIST, for that conversion."""
    scratch: Path | None = None
    """A folder for intermediate files."""


@dataclass(frozen=True)
class Peer:
    """A contender, ready to be timed."""

    what: str
    run: Run
    bytes: int | None = None
    no_accuracy: str = ""
    """Why it has no accuracy."""
    batches: tuple[int, ...] = (1, 10)


def of_file(path: Path, threads: int, what: str) -> Peer:
    """Run one of our model files as `Classifier` does."""
    return Peer(what, Classifier.load(path, threads=threads).engine.scores, _size(path))


def ours(setup: Setup) -> Peer:
    """Our file: the packaged one, or the one given."""
    return of_file(setup.model, setup.threads, "this file, onnxruntime")


def fp32(setup: Setup) -> Peer:
    """The float file of the same network."""
    return of_file(_given(setup.fp32, "--fp32 FILE"), setup.threads, "same network, fp32, onnxruntime")


def litert(setup: Setup) -> Peer:
    """LiteRT int8 of the same Keras weights, one picture per call."""
    path = _tflite(setup)
    single = _interpreter(path, setup.threads, 1)

    def run(images: Images) -> Scores:
        # Wrapping one picture in a list and joining would take a tenth of the call, which is not LiteRT's.
        return single(images) if len(images) == 1 else np.concatenate([single(one[None]) for one in images])

    return Peer("same network, int8, LiteRT (XNNPACK), one picture a call", run, _size(path))


def litert_resized(setup: Setup) -> Peer:
    """The same file with its input resized to a batch of ten."""
    path = _tflite(setup)
    what = "same network, int8, LiteRT (XNNPACK), input resized to 10"
    return Peer(what, _interpreter(path, setup.threads, 10), _size(path), batches=(10,))


def opencv(setup: Setup) -> Peer:
    """OpenCV's own inference on the float file."""
    import cv2

    path = _given(setup.fp32, "--fp32 FILE")
    cv2.setNumThreads(setup.threads)
    network = cv2.dnn.readNetFromONNX(str(path))

    def run(images: Images) -> Scores:
        network.setInput(images)
        # The network overwrites its last answer.
        return np.array(network.forward())

    _agree(run, path, setup)
    return Peer(f"same network, fp32, cv2.dnn {cv2.__version__}", run, _size(path))


def tensorflow(setup: Setup) -> Peer:
    """The Keras model itself, compiled to a graph, which is TensorFlow's fastest way."""
    path = _given(setup.run, "--run FOLDER") / "model.keras"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(setup.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    network = keras.saving.load_model(path, compile=False)

    @tf.function(input_signature=[tf.TensorSpec((None, 28, 28), tf.uint8)])  # type: ignore[untyped-decorator]
    def classify(images: Any) -> Any:
        return tf.nn.softmax(network(tf.cast(images, tf.float32)[..., None] / 255, training=False))

    def run(images: Images) -> Scores:
        scores: Scores = classify(tf.constant(images)).numpy()
        return scores

    return Peer(f"same network, fp32, TensorFlow {tf.__version__} graph", run, _size(path))


def mnist12(setup: Setup) -> Peer:
    """The ONNX zoo's network. Its pictures are converted to floats beforehand, at no cost to it."""
    import onnxruntime as ort

    from edgedigits_bench.speed.mnist12 import build

    data = build(_floats(setup.pictures))
    session = ort.InferenceSession(data, session_options(setup.threads), providers=["CPUExecutionProvider"])
    output = session.get_outputs()[0]
    runs: dict[int, Callable[[], Scores]] = {}

    def run(images: Images) -> Scores:
        count = len(images)
        if count not in runs:
            given, answer = _floats(images), np.zeros((count, output.shape[1]), np.float32)
            runs[count] = partial(bound(session, "Input3", output.name, given.copy(), answer), given)
        return runs[count]()

    return Peer("ONNX zoo mnist-12 rebuilt, int8, onnxruntime", run, len(data), "untrained")


PEERS: dict[str, tuple[str, Callable[[Setup], Peer]]] = {
    "edgedigits": ("", ours),
    "fp32": ("fp32", fp32),
    "litert": ("litert", litert),
    "litert x10": ("litert", litert_resized),
    "opencv": ("opencv", opencv),
    "tensorflow": ("tensorflow", tensorflow),
    "mnist12": ("mnist12", mnist12),
}
"""By name in the record: the word after `--against` that asks for the peer, and the function to make it."""
CHOICES = sorted({word for word, _ in PEERS.values() if word})


def make(names: list[str], setup: Setup) -> dict[str, Peer | str]:
    """Return our file and the requested peers, each ready, or the reason why it is not."""
    made: dict[str, Peer | str] = {}
    for name, (word, maker) in PEERS.items():
        if word and word not in names:
            continue
        try:
            made[name] = maker(setup)
        except ModuleNotFoundError as error:
            made[name] = f"{error.name} is not installed"
        except Unavailable as error:
            made[name] = str(error)
        except Exception as error:
            # Third-party code may raise anything, and one failure must not cost the figures of the others.
            made[name] = f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0][:200]}"
    return made


def _given(path: Path | None, flag: str) -> Path:
    if path is None or not path.exists():
        raise Unavailable(f"needs {flag}" if path is None else f"{path} does not exist")
    return path


def _size(path: Path) -> int:
    return path.stat().st_size


def _floats(images: Images) -> npt.NDArray[np.float32]:
    return images[:, None].astype(np.float32) / np.float32(255)


def _tflite(setup: Setup) -> Path:
    """Return the given file, or one converted in another process, to keep TensorFlow out of this one."""
    if setup.tflite is not None:
        return _given(setup.tflite, "--tflite FILE")
    run = _given(setup.run, "--run FOLDER or --tflite FILE")
    target = (setup.scratch or Path()) / "network.tflite"
    if target.exists():
        return target
    command = [sys.executable, "-m", "edgedigits_bench.speed.litert", str(run), "--out", str(target)]
    command += ["--data", str(setup.data)] if setup.data is not None else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"not converted: {reason(done.stderr)}")
    return target


def _interpreter(path: Path, threads: int, batch: int) -> Run:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path), num_threads=threads)
    source = interpreter.get_input_details()[0]["index"]
    if batch != 1:
        interpreter.resize_tensor_input(source, (batch, 28, 28, 1))
    interpreter.allocate_tensors()
    target = interpreter.get_output_details()[0]["index"]

    def run(images: Images) -> Scores:
        interpreter.set_tensor(source, images[..., None])
        interpreter.invoke()
        scores: Scores = interpreter.get_tensor(target)
        return scores

    return run


def _agree(run: Run, path: Path, setup: Setup) -> None:
    """Check the answers: OpenCV 4 reads the file without complaint and gives wrong ones, not worth timing."""
    expected = Classifier.load(path).engine.scores(setup.pictures[:10])
    difference = float(np.abs(run(setup.pictures[:10]) - expected).max())
    if difference > 1e-3:
        raise Unavailable(f"its answers differ from onnxruntime's by up to {difference:.2g}")
