"""The classifier: takes 28x28 frames, returns probabilities, and owns the onnxruntime session."""

from __future__ import annotations

import json
from operator import index
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from edgedigits.errors import EdgeDigitsError, ModelError
from edgedigits.model.contract import Contract
from edgedigits.model.engine import Engine
from edgedigits.model.fingerprint import sha256
from edgedigits.model.interpretation import even_ones, interpreted
from edgedigits.model.onnxfile import read_model, refuse_external_data
from edgedigits.model.views import answered
from edgedigits.results import NOT_A_DIGIT, Predictions

PACKAGED: Final = "edgedigits.onnx"

_Ports = dict[str, tuple[str, list[Any]]]
"""Type and shape of a graph's inputs or outputs, by name; a dimension is a number, a name or None."""


def session_options(threads: int = 1) -> ort.SessionOptions:
    """Return options for sequential execution, without spinning, and with memory from malloc.

    With onnxruntime's defaults a network of this size takes half a core at 30 runs a second, because idle
    workers spin. onnxruntime accepts unknown configuration keys silently, so a test measures the CPU time.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    # A page's digits need 100 kB, which malloc finds faster than onnxruntime's arena does.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 3
    return options


class Classifier:
    """A digit classifier: which digit a 28x28 frame shows, how sure that is, and whether it is one at all.

    Safe to call from several threads. It is pickled as its path and settings, because a session cannot be
    pickled; the copy opens the file again.
    """

    def __init__(self, path: Path, *, threads: int = 1, threshold: float | None = None) -> None:
        """Use `Classifier.load`, which finds the packaged model and checks its arguments."""
        data = read_model(path)
        self.sha256 = sha256(data)
        if path == packaged_model():
            _verify_packaged(self.sha256, path.with_name("manifest.json"))
        refuse_external_data(data, str(path))
        try:
            session = ort.InferenceSession(
                data,
                session_options(threads),
                providers=["CPUExecutionProvider"],
                enable_fallback=0,  # there is nothing to fall back to, as onnxruntime would say on stdout
            )
            # In a damaged file names may not be UTF-8, which shows only when they are asked for.
            metadata = session.get_modelmeta().custom_metadata_map
            inputs = {item.name: (item.type, item.shape) for item in session.get_inputs()}
            outputs = {item.name: (item.type, item.shape) for item in session.get_outputs()}
        except Exception as error:  # onnxruntime raises a dozen unrelated exception types
            raise ModelError(
                f"{path} cannot be loaded by onnxruntime {ort.__version__}",
                expected="a complete ONNX model",
                received=_first_line(error),
                remedy="copy or export the file again, or update onnxruntime",
            ) from error
        self.path = path
        self._reopened = path.absolute()  # a copy may be opened in another folder
        self.threads = threads
        self.bytes = len(data)
        self.contract = Contract.from_metadata(metadata, str(path))
        _check_graph(inputs, outputs, self.contract, path)
        self.threshold = self.contract.rejection_threshold if threshold is None else threshold
        once = self.contract.glance_threshold
        self._glance_threshold = once if threshold is None and once is not None else self.threshold
        self._given_threshold = threshold
        names = self.contract.input.name, self.contract.output
        self.engine = Engine(session, *names, len(self.contract.labels))

    @classmethod
    def load(
        cls, path: str | Path | None = None, *, threads: int = 1, threshold: float | None = None
    ) -> Classifier:
        """Open a model file; by default the packaged int8 model.

        `threads` (1 or more) is onnxruntime's intra-op thread count. Frames whose digit score is below
        `threshold` (0 to 1) are labelled -1; None takes the model's own threshold. Raises `ModelError` if an
        argument is out of range, or if the file is missing, damaged, not an edgedigits model, or has a
        contract that this version does not understand.
        """
        if path == "":  # pathlib takes it for the current folder
            raise ModelError(
                "the path of the model is empty",
                expected="an .onnx file written by `edgedigits export`",
                received="''",
                remedy="if it came from a variable, check the variable; "
                "without a path the packaged model is used",
            )
        try:
            threads = index(threads)  # takes numpy's whole numbers, too
        except TypeError:
            received = f"{type(threads).__name__} {threads!r}"
            raise ModelError(
                "the thread count is not a whole number", expected="an int, 1 or more", received=received
            ) from None
        if threads < 1:
            raise ModelError("the thread count is too small", expected="1 or more", received=str(threads))
        try:
            possible = threshold is None or 0 <= threshold <= 1
        except TypeError:
            received = f"{type(threshold).__name__} {threshold!r}"
            raise ModelError(
                "the threshold is not a number", expected="a float, 0 to 1", received=received
            ) from None
        if not possible:
            raise ModelError("the threshold is out of range", expected="0 to 1", received=str(threshold))
        return cls(packaged_model() if path is None else Path(path), threads=threads, threshold=threshold)

    def predict(self, images: npt.NDArray[np.uint8]) -> Predictions:
        """Classify frames: uint8 [N, 28, 28], N >= 0, bright ink on black in MNIST's framing.

        A frame is doubtful if no class is as likely as the contract's `doubt`; doubtful frames are classified
        again in other views (`model.views`). A frame of one uniform value is never a digit, whatever the
        network and the threshold say: it gets label -1 and digit score 0. Raises `EdgeDigitsError` for any
        other shape or dtype. Inverted frames cannot be detected; they get confident nonsense as answers.
        """
        return self._predict(images, self.threshold, self.contract.doubt)

    def glance(self, images: npt.NDArray[np.uint8]) -> Predictions:
        """Classify frames as `predict` does, but without a second look at doubtful ones.

        For searches, which only compare answers. The contract's `glance_threshold`, if it has one, applies
        unless a threshold was passed to `load`.
        """
        return self._predict(images, self._glance_threshold, 0.0)

    def _predict(self, images: npt.NDArray[np.uint8], threshold: float, doubt: float) -> Predictions:
        images = np.asarray(images)
        if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (28, 28):
            raise EdgeDigitsError(
                "the classifier cannot take this batch",
                expected="uint8 [N, 28, 28], bright ink on black",
                received=f"{images.dtype} {list(images.shape)}",
                remedy="frame it with edgedigits.canonical.canonical, or give whole pictures to Reader.read",
            )
        classes = len(self.contract.labels)
        if len(images) == 0:
            scores = np.zeros((0, classes), np.float32)
        else:
            images = np.ascontiguousarray(images)
            scores = answered(self._run, images, doubt) if doubt else self._run(images)
        predictions = interpreted(scores, threshold, self.contract.rejects)
        if even := even_ones(images):
            predictions.labels[even] = NOT_A_DIGIT
            predictions.digit_score[even] = 0
        return predictions

    def _run(self, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        try:
            scores = self.engine.scores(images)
        except Exception as error:  # as above: a graph may load and still fail to run
            raise ModelError(
                f"{self.path} loads, but fails when it is run",
                expected=f"float32 {[len(images), len(self.contract.labels)]}",
                received=_first_line(error),
                remedy="copy or export the file again",
            ) from error
        if scores.shape != (len(images), len(self.contract.labels)):
            raise ModelError(
                f"{self.path} returns an output of the wrong shape",
                expected=f"float32 {[len(images), len(self.contract.labels)]}",
                received=f"{scores.dtype} {list(scores.shape)}",
                remedy="export the model again with `edgedigits export`",
            )
        return scores

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self._reopened, "threads": self.threads, "threshold": self._given_threshold}

    def __setstate__(self, state: dict[str, Any]) -> None:
        Classifier.__init__(self, state["path"], threads=state["threads"], threshold=state["threshold"])

    def __repr__(self) -> str:
        return f"Classifier({str(self.path)!r}, precision={self.contract.precision!r}, bytes={self.bytes})"


def _first_line(error: Exception) -> str:
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    # onnxruntime names the place in its source first, with its whole signature, and the reason last.
    return line if len(line) <= 300 else f"... {line[-300:]}"


def packaged_model() -> Path:
    """Return the path of the model that comes with the package."""
    return Path(__file__).with_name("assets") / PACKAGED


def _verify_packaged(received: str, manifest: Path) -> None:
    try:
        expected = str(json.loads(manifest.read_text("utf-8"))[PACKAGED]["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            "the packaged model cannot be verified",
            expected=f"its sha256 in {manifest}",
            received=f"{type(error).__name__}: {error}",
            remedy="reinstall edgedigits",
        ) from error
    if received != expected:
        raise ModelError(
            "the packaged model is not the one that was released",
            expected=f"sha256 {expected}",
            received=f"sha256 {received}",
            remedy="reinstall edgedigits",
        )


def _check_graph(inputs: _Ports, outputs: _Ports, contract: Contract, path: Path) -> None:
    """Check the graph against its own contract, so that a mismatch shows here and not in `predict`."""
    kind, shape = inputs.get(contract.input.name, ("missing", []))
    out_kind, out_shape = outputs.get(contract.output, ("missing", []))
    fits = (
        len(inputs) == 1
        and kind == "tensor(uint8)"
        and len(shape) == 3
        and shape[1:] == [28, 28]
        and not isinstance(shape[0], int)
        and out_kind == "tensor(float)"
        and len(out_shape) == 2
        and out_shape[1] in (len(contract.labels), None)
    )
    if not fits:
        raise ModelError(
            f"{path}: the graph does not match the model's contract",
            expected=f"input {contract.input.name!r} uint8 [N, 28, 28] with any N, "
            f"output {contract.output!r} float [N, {len(contract.labels)}]",
            received=f"inputs {inputs}, outputs {outputs}",
            remedy="export the model again with `edgedigits export`",
        )
