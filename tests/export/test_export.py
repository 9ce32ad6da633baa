"""`edgedigits export` from a run folder to a file, and everything that makes it refuse."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tf2onnx", reason="the extra `train` is not installed")

from edgedigits import Classifier
from edgedigits.errors import DataError, EdgeDigitsError, MissingExtraError, UsageError
from edgedigits.model.contract import DIGITS
from edgedigits.model.views import DOUBT
from edgedigits_export import command as exporting_command
from edgedigits_export import export as exporting
from edgedigits_export.export import CLEAN, NOISY, TEST, TEST_NOISY, Exported, export
from edgedigits_export.report import summary
from edgedigits_export.run_folder import read_run
from edgedigits_export.verify import Comparison
from edgedigits_train import data as mnist_data

pytestmark = [
    # TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def exported(run_folder: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    # Four hundred validation pictures are too few to resolve a tenth of a point.
    out = tmp_path_factory.mktemp("out") / "new" / "ziffern-é.onnx"
    return export(run_folder, out, data=data, allow_drop=True)


def test_the_runtime_reads_what_was_written(exported: Exported, data: Path) -> None:
    classifier = Classifier.load(exported.path)
    contract = classifier.contract
    assert contract == exported.contract
    assert (contract.precision, contract.architecture, contract.seed) == ("int8", "small", 1)
    assert contract.training_noise == {"clean": 0.5}
    assert (contract.name, contract.version) == ("edgedigits-small", version("edgedigits"))
    assert (contract.training_data_sha256, contract.doubt) == (mnist_data.load(data).sha256, DOUBT)
    assert contract.rejects
    assert set(contract.accuracy) == {CLEAN, NOISY, TEST, TEST_NOISY}
    with np.load(data) as arrays:
        images, labels = arrays["x_test"], arrays["y_test"]
    predictions = classifier.predict(images)
    assert 100 * np.mean(predictions.probabilities.argmax(axis=1) == labels) == pytest.approx(
        exported.comparisons[TEST].after
    )
    assert 100 * np.mean(predictions.labels == -1) == pytest.approx(exported.refused)
    assert exported.comparisons[CLEAN].after > 90


def test_nothing_is_left_beside_the_file(exported: Exported) -> None:
    assert [path.name for path in exported.path.parent.iterdir()] == [exported.path.name]
    assert exported.bytes == exported.path.stat().st_size < exported.float_bytes
    mode = exported.path.stat().st_mode & 0o777
    assert mode == 0o644, "like any file; a temporary one can be read by its owner alone"


def test_the_report_tells_what_a_person_asks_next(exported: Exported) -> None:
    text = summary(exported)
    after = exported.comparisons[NOISY]
    for part in (
        str(exported.path),
        f"{exported.bytes:,}",
        "image: uint8 [N, 28, 28]",
        "probabilities: float32 [N, 11]",
        f"{after.before:.2f}",
        f"{after.after:.2f}",
        f"edgedigits predict --model '{exported.path}' examples/",  # quoted for its é, as for a space
    ):
        assert part in text


def test_the_float_file_of_the_same_run(run_folder: Path, data: Path, tmp_path: Path) -> None:
    made = export(run_folder, tmp_path / "f.onnx", precision="fp32", data=data)
    assert Classifier.load(made.path).contract.precision == "fp32"
    assert made.bytes == pytest.approx(made.float_bytes, abs=200)
    assert all(item.drop == 0 and item.agreement == 100 for item in made.comparisons.values())
    assert made.difference < 1e-5
    assert "(fp32)" in summary(made)


def test_a_file_that_exists_is_kept(run_folder: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.onnx"
    out.write_text("precious", "utf-8")
    with pytest.raises(UsageError, match="exists"):
        export(run_folder, out, data=data)
    assert out.read_text("utf-8") == "precious"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("model.tflite", "not a name for an ONNX file"),
        ("folder.onnx", "is a folder"),
        ("folder.onnx/new/model.onnx", "not writable"),  # regression: found only after all the work
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_work(name: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "folder.onnx").mkdir(mode=0o500)
    if "new" in name and os.access(tmp_path / "folder.onnx", os.W_OK):
        pytest.skip("root may write everywhere")
    with pytest.raises(UsageError, match=message):
        export(tmp_path / "no run", tmp_path / name)


def test_a_refused_export_leaves_no_folder(tmp_path: Path) -> None:
    """Regression: the folder of --out was created before the run was checked."""
    with pytest.raises(EdgeDigitsError):
        export(tmp_path / "no run", tmp_path / "new" / "model.onnx")
    assert not (tmp_path / "new").exists()


def test_a_network_of_ten_classes_has_no_label_for_what_is_no_digit(
    run_folder: Path, data: Path, tmp_path: Path
) -> None:
    import keras

    shutil.copytree(run_folder, tmp_path / "run")
    whole = keras.saving.load_model(run_folder / "model.keras")
    ten = keras.layers.Dense(10)
    network = keras.Model(whole.input, ten(whole.layers[-2].output))
    ten.set_weights([weights[..., :10] for weights in whole.layers[-1].get_weights()])
    network.save(tmp_path / "run" / "model.keras")
    made = export(tmp_path / "run", tmp_path / "ten.onnx", precision="fp32", data=data)
    assert made.contract.labels == tuple(DIGITS)
    assert made.comparisons[CLEAN].after > 90


def without(part: str) -> Callable[[Path], None]:
    return lambda folder: (folder / part).unlink()


def config(**changes: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        values = json.loads((folder / "config.json").read_text("utf-8")) | changes
        kept = {key: value for key, value in values.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(kept), "utf-8")

    return change


def text(name: str, content: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_text(content, "utf-8")

    return change


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (without("model.keras"), "is not a training run"),
        (without("config.json"), "is not a training run"),
        (text("config.json", "{"), "cannot be read"),
        (text("config.json", "[]"), "does not state how the network was trained"),
        (config(split_seed=None), "does not state how the network was trained"),
        (config(seed=None), "does not state how the network was trained"),
        (config(architecture=None), "does not state how the network was trained"),
        (config(data_sha256=None), "does not state how the network was trained"),
        (config(recipe={}), "does not state how the network was trained"),
        (config(recipe=3), "does not state how the network was trained"),
        (text("model.keras", "not a model"), "cannot be read by Keras"),
        (config(data_sha256="0" * 64), "not the data that the run was trained on"),
    ],
    ids=[
        *("no model", "no config", "broken json", "no object"),
        *("no split", "no seed", "no architecture", "no data", "no mix", "no recipe"),
        *("broken model", "other data"),
    ],
)
def test_a_run_that_cannot_be_used_says_why(
    damage: Callable[[Path], None], message: str, run_folder: Path, data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(run_folder, folder)
    damage(folder)
    with pytest.raises(EdgeDigitsError, match=message):
        export(folder, tmp_path / "x.onnx", data=data)
    assert not (tmp_path / "x.onnx").exists()


def test_a_network_of_other_shapes_is_refused(run_folder: Path, tmp_path: Path) -> None:
    import keras

    shutil.copytree(run_folder, tmp_path / "run")
    image = keras.Input((32, 32, 3))
    network = keras.Model(image, keras.layers.Dense(11)(keras.layers.Flatten()(image)))
    network.save(tmp_path / "run" / "model.keras")
    with pytest.raises(EdgeDigitsError, match="is not a digit network"):
        read_run(tmp_path / "run").network()


def test_a_file_that_lost_accuracy_is_not_written(
    run_folder: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting.verify, "compare", lambda *_: Comparison(99.0, 98.0, 98.5))
    with pytest.raises(EdgeDigitsError, match="int8 costs too much accuracy on validation clean"):
        export(run_folder, tmp_path / "x.onnx", data=data)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_package_is_named_with_the_line_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting_command, "find_spec", lambda name: None if name == "tf2onnx" else name)
    arguments = argparse.Namespace(run=tmp_path, out=tmp_path / "x.onnx")
    with pytest.raises(MissingExtraError, match=r"`tf2onnx`[^$]*pip install .*\[train\]"):
        exporting_command.run(arguments)


def test_missing_data_is_named(run_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        export(run_folder, tmp_path / "x.onnx", data=tmp_path / "nowhere.npz")


def test_the_command_line(run_folder: Path, tmp_path: Path, command: Callable[..., object]) -> None:
    """Usage errors end with 2 and other failures with 1, before TensorFlow is imported."""
    (tmp_path / "there.onnx").touch()
    there = command("export", run_folder, "--out", "there.onnx")
    assert (there.returncode, there.stdout) == (2, "")  # type: ignore[attr-defined]
    assert "--force" in there.stderr  # type: ignore[attr-defined]
    nothing = command("export", tmp_path / "nothing", "--out", "new.onnx")
    assert (nothing.returncode, nothing.stdout) == (1, "")  # type: ignore[attr-defined]
    assert "is not a training run" in nothing.stderr  # type: ignore[attr-defined]
