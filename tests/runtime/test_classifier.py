"""The classifier, with a model whose answers can be worked out by hand."""

from __future__ import annotations

import json
import pickle
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from edgedigits import Classifier, EdgeDigitsError, classifier
from edgedigits.errors import ModelError

STRENGTH = 20  # see tests/assets/make_tiny.py


def frame(**cells: int) -> npt.NDArray[np.uint8]:
    """A frame whose first row votes for labels: frame(c3=255) says 3 with full strength."""
    image = np.zeros((28, 28), np.uint8)
    for name, value in cells.items():
        image[0, int(name[1:])] = value
    return image


def softmax(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    shifted = np.exp(values - values.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("label", range(10))
def test_each_label_is_read_off_the_model(tiny: Path, label: int) -> None:
    answer = Classifier.load(tiny).predict(frame(**{f"c{label}": 255})[None])
    assert answer.labels.tolist() == [label]
    assert answer.confidence[0] == pytest.approx(np.exp(STRENGTH) / (np.exp(STRENGTH) + 9), abs=1e-6)


def test_probabilities_are_those_of_the_digits_alone(tiny: Path) -> None:
    # 3, 5 and "no digit" are equally strong.
    image = frame(c3=51, c5=51, c10=51)
    strengths = np.array([51 * STRENGTH / 255 if k in (3, 5, 10) else 0 for k in range(11)])
    whole = softmax(strengths)
    answer = Classifier.load(tiny).predict(image[None])
    np.testing.assert_allclose(answer.probabilities[0], softmax(strengths[:10]), atol=1e-6)
    np.testing.assert_allclose(answer.digit_score[0], whole[:10].sum(), atol=1e-6)
    assert answer.labels[0] == 3  # the first of equals


def test_no_digit_is_minus_one_with_probabilities_that_sum_to_one(tiny: Path) -> None:
    answer = Classifier.load(tiny).predict(frame(c10=255)[None])
    assert answer.labels.tolist() == [-1]
    assert answer.probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert answer.digit_score[0] == pytest.approx(10 / (10 + np.exp(STRENGTH)), rel=1e-3)


@pytest.mark.parametrize(
    ("threshold", "label"),
    [
        (None, 0),  # the model's own is 0.5, an empty frame scores 10/11
        (0.0, 0),  # nothing is refused
        (0.9, 0),
        (0.92, -1),  # just above 10/11
        (1.0, -1),
    ],
)
def test_threshold(tiny: Path, threshold: float | None, label: int) -> None:
    image = frame()
    image[27, 27] = 1  # a pixel that the tiny model does not see: a frame without contrast is no digit
    answer = Classifier.load(tiny, threshold=threshold).predict(image[None])
    assert answer.labels.tolist() == [label]


def striped(low: int) -> npt.NDArray[np.uint8]:
    """Two equal halves, but of more than one value."""
    image = np.full((28, 28), low, np.uint8)
    image[[3, 17]] += 1
    return image


@pytest.mark.parametrize("threshold", [None, 0.0])
def test_a_frame_of_one_value_is_no_digit(tiny: Path, threshold: float | None) -> None:
    """Regression: the packaged model called an empty frame a 1 with a score of 0.48, a grey one with 0.73."""
    values = [0, 60, 128, 255]
    images = np.stack([np.full((28, 28), v, np.uint8) for v in values] + [striped(0), striped(128)])
    answer = Classifier.load(tiny, threshold=threshold).predict(images)
    assert answer.labels.tolist() == [-1, -1, -1, -1, 0, 0]
    assert answer.digit_score[:4].tolist() == [0, 0, 0, 0]
    assert answer.digit_score[4:].min() > 0.5
    np.testing.assert_allclose(answer.probabilities.sum(axis=1), 1, atol=1e-6)


def test_shapes_and_dtypes(tiny: Path) -> None:
    answer = Classifier.load(tiny).predict(np.zeros((7, 28, 28), np.uint8))
    assert (answer.labels.dtype, answer.labels.shape) == (np.int64, (7,))
    assert (answer.confidence.dtype, answer.confidence.shape) == (np.float32, (7,))
    assert (answer.probabilities.dtype, answer.probabilities.shape) == (np.float32, (7, 10))
    assert (answer.digit_score.dtype, answer.digit_score.shape) == (np.float32, (7,))
    assert len(answer) == 7


def test_empty_batch_has_the_same_shapes(tiny: Path) -> None:
    answer = Classifier.load(tiny).predict(np.zeros((0, 28, 28), np.uint8))
    assert (answer.labels.shape, answer.probabilities.shape) == ((0,), (0, 10))
    assert (answer.labels.dtype, answer.confidence.dtype) == (np.int64, np.float32)
    assert answer.to_dict() == {"labels": [], "confidence": [], "probabilities": [], "digit_score": []}


def test_a_view_that_is_not_contiguous_gives_the_same(tiny: Path) -> None:
    images = np.stack([frame(c4=200), frame(c7=200), frame(c1=200), frame(c10=255)])
    one = Classifier.load(tiny)
    assert one.predict(images[::-2]).labels.tolist() == [-1, 7]
    assert one.predict(np.asfortranarray(images)).labels.tolist() == [4, 7, 1, -1]


def test_earlier_answers_are_not_overwritten_by_later_calls(tiny: Path) -> None:
    one = Classifier.load(tiny)
    first = one.predict(frame(c2=255)[None])
    kept = first.probabilities.copy()
    one.predict(frame(c8=255)[None])
    np.testing.assert_array_equal(first.probabilities, kept)


@pytest.mark.parametrize(
    ("batch", "why"),
    [
        (np.zeros((28, 28), np.uint8), "one frame without the batch axis"),
        (np.zeros((1, 28, 28, 1), np.uint8), "a channel axis"),
        (np.zeros((1, 32, 32), np.uint8), "another size"),
        (np.zeros((1, 28, 28), np.float32), "floats, perhaps 0..1"),
        (np.zeros((1, 28, 28), np.int64), "wide integers"),
        (np.zeros((1, 28, 28), bool), "a mask"),
        ([], "a list without a shape"),
    ],
)
def test_wrong_batches_are_refused_in_words(tiny: Path, batch: Any, why: str) -> None:
    with pytest.raises(EdgeDigitsError, match=r"uint8 \[N, 28, 28\]") as caught:
        Classifier.load(tiny).predict(batch)
    assert "edgedigits.canonical.canonical" in caught.value.remedy  # the module itself cannot be called


@pytest.mark.parametrize(
    "options", [{"threads": 0}, {"threads": -1}, {"threshold": 1.5}, {"threshold": -0.1}]
)
def test_impossible_settings_are_refused(tiny: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="expected"):
        Classifier.load(tiny, **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"threads": 2.0}, "expected: an int, 1 or more\n  received: float 2.0"),  # blamed the file
        ({"threads": "2"}, "received: str '2'"),  # was a bare TypeError, as were the next ones
        ({"threads": None}, "received: NoneType None"),
        ({"threshold": "0.5"}, "expected: a float, 0 to 1\n  received: str '0.5'"),
    ],
)
def test_settings_of_another_type_are_refused_in_words(
    tiny: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ModelError) as caught:
        Classifier.load(tiny, **options)
    assert words in str(caught.value)


def test_numbers_of_numpy_are_taken(tiny: Path) -> None:
    one = Classifier.load(tiny, threads=np.int64(2), threshold=np.float32(0.5))  # type: ignore[arg-type]
    assert (one.threads, one.threshold) == (2, 0.5)


def test_nan_is_no_threshold(tiny: Path) -> None:
    with pytest.raises(ModelError, match="threshold"):
        Classifier.load(tiny, threshold=float("nan"))


@pytest.mark.parametrize("threshold", [None, 0.95])
def test_pickles_by_its_path_and_settings(tiny: Path, threshold: float | None) -> None:
    one = Classifier.load(tiny, threads=2, threshold=threshold)
    data = pickle.dumps(one)
    assert len(data) < 1000  # the path, not the weights
    other = pickle.loads(data)
    images = np.stack([frame(c4=200), frame(c10=255), frame()])
    assert (other.path, other.threads, other.threshold) == (one.path, 2, one.threshold)
    np.testing.assert_array_equal(other.predict(images).labels, one.predict(images).labels)


def test_a_pickled_classifier_opens_in_another_folder(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: a relative path was pickled as it was, and a worker in another folder found no file."""
    shutil.copy(tiny, tmp_path / "mine.onnx")
    monkeypatch.chdir(tmp_path)
    one = Classifier.load("mine.onnx")
    data = pickle.dumps(one)
    monkeypatch.chdir("/")
    for copy in (pickle.loads(data), pickle.loads(pickle.dumps(one))):  # it may be pickled there, too
        assert copy.sha256 == one.sha256
    assert str(one.path) == "mine.onnx"  # in messages it is called as the user called it


def test_eight_threads_share_one_classifier(tiny: Path) -> None:
    one = Classifier.load(tiny)

    def ask(label: int) -> bool:
        images = np.stack([frame(**{f"c{label}": 255})] * (label + 1))
        return all(one.predict(images).labels.tolist() == [label] * (label + 1) for _ in range(50))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, [n % 10 for n in range(64)]))


def test_an_idle_session_burns_no_cpu(tiny: Path) -> None:
    """By default onnxruntime's workers spin, and a misspelt key that should turn this off is ignored."""
    one = Classifier.load(tiny, threads=2)
    one.predict(np.zeros((64, 28, 28), np.uint8))
    before = time.process_time()
    time.sleep(0.3)
    # A spinning worker would have used most of the 0.3 s.
    assert time.process_time() - before < 0.1


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.onnx") as caught:
        Classifier.load(tmp_path / "nowhere.onnx")
    assert "No such file" in caught.value.received


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        Classifier.load(tmp_path)


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(ModelError, match="too large"):
        Classifier.load(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_a_device_without_end_is_not_read_to_it() -> None:
    """Regression: it was read until memory was full."""
    with pytest.raises(ModelError, match="too large"):
        Classifier.load("/dev/zero")


def test_an_empty_name_is_not_the_current_folder() -> None:
    with pytest.raises(ModelError, match="path of the model is empty"):
        Classifier.load("")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "an empty file, as a full disk leaves it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a pointer in place of the file"),
        (b"<!DOCTYPE html><html>404</html>", "a web page saved under the model's name"),
        (bytes(1000), "zeros, as an interrupted copy leaves them"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelError):
        Classifier.load(path)


def test_damaged_files_are_refused_or_answer_in_form(tiny: Path, tmp_path: Path) -> None:
    """With truncated and flipped bytes only ModelError is raised, on loading and on running."""
    whole = tiny.read_bytes()
    rng = np.random.default_rng(1)
    damaged = [whole[:length] for length in range(0, len(whole), 61)]
    for _ in range(150):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), rng.integers(1, 4)):
            data[place] = rng.integers(256)
        damaged.append(bytes(data))
    images = np.stack([frame(c3=255), frame()])
    refused = 0
    for number, data in enumerate(damaged):
        path = tmp_path / f"{number}.onnx"
        path.write_bytes(data)
        try:
            answer = Classifier.load(path).predict(images)
        except ModelError:
            refused += 1
        else:
            assert answer.probabilities.shape == (2, 10)
    assert refused > 50


@pytest.fixture
def packaged(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny model in place of the packaged one, with a matching manifest."""
    path = tmp_path / "edgedigits.onnx"
    shutil.copy(tiny, path)
    digest = Classifier.load(tiny).sha256
    (tmp_path / "manifest.json").write_text(json.dumps({"edgedigits.onnx": {"sha256": digest}}), "utf-8")
    monkeypatch.setattr(classifier, "packaged_model", lambda: path)
    return path


def test_packaged_model_is_the_default(packaged: Path) -> None:
    assert Classifier.load().path == packaged


@pytest.mark.parametrize(
    ("manifest", "why"),
    [
        ('{"edgedigits.onnx": {"sha256": "0000"}}', "another file was released"),
        ('{"edgedigits.onnx": {}}', "no checksum"),
        ("{}", "no entry"),
        ("[]", "not an object"),
        ("{", "cut off"),
        (None, "missing"),
    ],
)
def test_packaged_model_must_match_its_manifest(packaged: Path, manifest: str | None, why: str) -> None:
    place = packaged.with_name("manifest.json")
    if manifest is None:
        place.unlink()
    else:
        place.write_text(manifest, "utf-8")
    with pytest.raises(ModelError, match="packaged model"):
        Classifier.load()


def test_a_file_of_a_newer_format_is_refused_with_the_reason(tiny: Path, tmp_path: Path) -> None:
    """Regression: onnxruntime's reason comes last in a long line, whose first 300 characters were shown."""
    data = tiny.read_bytes()
    assert data[0] == 0x08  # field 1, ir_version
    path = tmp_path / "newer.onnx"
    path.write_bytes(data[:1] + bytes([99]) + data[2:])
    with pytest.raises(ModelError, match="IR version: 99") as caught:
        Classifier.load(path)
    assert len(caught.value.received) < 310
    assert "update onnxruntime" in caught.value.remedy


def test_the_model_that_comes_with_the_package_loads() -> None:
    one = Classifier.load()
    assert one.contract.labels[:10] == tuple("0123456789")
    assert one.predict(np.zeros((3, 28, 28), np.uint8)).probabilities.shape == (3, 10)
