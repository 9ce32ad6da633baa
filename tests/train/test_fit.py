"""Real training on a few hundred made digits: it runs, resumes, stops, and refuses what it must."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits.errors import EdgeDigitsError
from edgedigits_train import architectures, batches, fit, recipe
from edgedigits_train.mix.augment import Mix
from edgedigits_train.runfolder import BEST, CHECKPOINT, RunFolder

# TensorFlow's variables support only numpy 1's `__array__`, which we cannot fix.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"
)

RECIPE = recipe.Recipe(
    architecture="edge",
    epochs=3,
    batch=32,
    pages=0.0,
    outliers=0.1,
    seed=4,
    warmup_epochs=0.2,
    mix=Mix(clean=0.8),
)


def made(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ten kinds of easily distinguished pictures: a bright row at a height given by the label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 40, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[2 + 2 * label : 5 + 2 * label, 4:24] = 250
    return images, labels


def train(folder: Path, plan: recipe.Recipe, stop_after: int | None = None) -> list[dict[str, float]]:
    run = RunFolder(folder)
    folder.mkdir(exist_ok=True)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if stop_after is not None and len(said) == stop_after:
            raise KeyboardInterrupt

    return fit.fit(
        run, batches.Material(*made(320, 0), plan), fit.Validation.make(*made(120, 1), plan), say=say
    )


def same_weights(first: Path, second: Path) -> None:
    import keras

    pairs = zip(
        *(keras.saving.load_model(folder / CHECKPOINT).get_weights() for folder in (first, second)),
        strict=True,
    )
    for one, other in pairs:
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("architecture", "optimizer"),
    [
        ("edge", "adam"),
        ("edge", "muon"),  # has a momentum of its own
        ("simple", "adam"),  # with dropout, whose state Keras does not save
        ("deep", "adam"),  # the same, elsewhere in the network
    ],
)
def test_a_run_that_was_interrupted_goes_on_as_if_it_had_not_been(
    tmp_path: Path, architecture: str, optimizer: str
) -> None:
    plan = replace(RECIPE, architecture=architecture, optimizer=optimizer)
    whole = train(tmp_path / "whole", plan)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "parts", plan, stop_after=1)
    assert len(RunFolder(tmp_path / "parts").read_history()) == 1
    resumed = train(tmp_path / "parts", plan)
    assert [row["epoch"] for row in resumed] == [1, 2, 3]
    for name in ("loss", "val_loss", "learning_rate"):
        assert resumed[-1][name] == whole[-1][name], name
    same_weights(tmp_path / "whole", tmp_path / "parts")


def test_a_score_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Regression: with six digits it was read back smaller, so an equal epoch replaced it after --resume."""
    score = 11851 / 12000
    RunFolder(tmp_path).write_history([{"epoch": 1.0, "val_score": score}])
    assert RunFolder(tmp_path).read_history() == [{"epoch": 1.0, "val_score": score}]


@pytest.mark.parametrize("architecture", ["edge", "deep"])  # deep: with dropout, which draws during training
def test_the_same_recipe_gives_the_same_bits(architecture: str, tmp_path: Path) -> None:
    """Otherwise `make model` could not be compared with the packaged file."""
    plan = recipe.override(RECIPE, architecture=architecture, epochs=1)
    for name in ("first", "second"):
        train(tmp_path / name, plan)
    same_weights(tmp_path / "first", tmp_path / "second")


def test_training_learns(tmp_path: Path) -> None:
    plan = recipe.override(RECIPE, epochs=6, mix=Mix(families=(), geometry=0))
    history = train(tmp_path / "run", plan)
    assert history[-1]["loss"] < 0.5 * history[0]["loss"]
    assert max(row["val_accuracy"] for row in history) > 0.5
    assert (tmp_path / "run" / BEST).exists()


class Falling:
    """Scores the first epoch highest."""

    def __init__(self) -> None:
        self.asked = 0

    def score(self, model: object) -> dict[str, float]:
        self.asked += 1
        keys = ("val_accuracy", "val_degraded_accuracy", "val_score", "val_loss")
        return dict.fromkeys(keys, 1 / self.asked)


@pytest.mark.parametrize(
    ("keep", "same"),
    [
        ("best", False),  # the first epoch's network is kept
        ("last", True),  # the scores are reported but choose nothing
    ],
)
def test_the_recipe_says_which_epoch_is_kept(tmp_path: Path, keep: str, same: bool) -> None:
    import keras

    plan = replace(RECIPE, epochs=2, keep=keep)
    fit.fit(RunFolder(tmp_path), batches.Material(*made(320, 0), plan), Falling(), say=lambda _: None)
    kept, last = (keras.saving.load_model(tmp_path / name).get_weights() for name in (BEST, CHECKPOINT))
    assert all(np.array_equal(a, b) for a, b in zip(kept, last, strict=True)) == same


@pytest.mark.parametrize("name", architectures.ARCHITECTURES)
def test_an_architecture_takes_pictures_and_gives_logits(name: str) -> None:
    model = architectures.build(name, 11, random_weights=True)
    assert model.input_shape == (None, 28, 28, 1)
    assert model.output_shape == (None, 11)
    if name == "mobilenet":
        return  # compiling it takes longer than all other tests of this file
    logits = model.predict(np.random.default_rng(0).random((64, 28, 28, 1), np.float32), verbose=0)
    assert np.abs(logits.sum(1) - 1).max() > 0.01, "a softmax belongs into the export, not here"


def test_an_unknown_architecture_lists_the_known_ones() -> None:
    with pytest.raises(EdgeDigitsError, match="simple, edge, deep, mobilenet"):
        architectures.build("resnet")


def test_pretrained_weights_that_cannot_be_had_are_not_replaced_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import keras

    def offline(*_: object, **__: object) -> None:
        raise Exception("URL fetch failure on https://example.invalid")

    monkeypatch.setattr(keras.applications, "MobileNetV2", offline)
    with pytest.raises(EdgeDigitsError, match="random-weights"):
        architectures.build("mobilenet")


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.create({"seed": 1})
    with pytest.raises(EdgeDigitsError, match="already contains a run"):
        folder.create({"seed": 2})
    assert json.loads((tmp_path / "config.json").read_text("utf-8")) == {"seed": 1}
    assert not list(tmp_path.glob("*writing*"))


def test_a_folder_without_a_run_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(EdgeDigitsError, match="not the folder of a run"):
        RunFolder(tmp_path).read_config()


def test_a_run_may_start_where_another_ended(tmp_path: Path) -> None:
    plan = recipe.override(RECIPE, epochs=1)
    train(tmp_path / "first", plan)
    import keras

    weights = keras.saving.load_model(tmp_path / "first" / BEST).get_weights()
    model = fit.compile_model(plan, 1)
    fit._take_weights(model, tmp_path / "first" / BEST)
    for first, second in zip(weights, model.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_run_may_keep_some_of_what_it_began_with(tmp_path: Path) -> None:
    """That includes each weight and the running means; the checkpoint remains the run's own."""
    import keras

    start = tmp_path / "start.keras"
    architectures.build("edge", 11).save(start)
    plan = replace(RECIPE, epochs=2, keep="last", blend=0.25)
    data = batches.Material(*made(320, 0), plan), fit.Validation.make(*made(120, 1), plan)
    fit.fit(RunFolder(tmp_path), *data, start=start, say=lambda _: None)
    first, kept, last = (
        keras.saving.load_model(tmp_path / name, compile=False).get_weights()
        for name in ("start.keras", BEST, CHECKPOINT)
    )
    assert any((a != b).any() for a, b in zip(first, last, strict=True))
    for before, blended, after in zip(first, kept, last, strict=True):
        np.testing.assert_allclose(blended, 0.75 * before + 0.25 * after, rtol=1e-5, atol=1e-7)


def test_a_blend_without_a_start_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    plan = replace(RECIPE, blend=0.5)
    data = batches.Material(*made(320, 0), plan), fit.Validation.make(*made(120, 1), plan)
    begun: list[bool] = []
    with pytest.raises(EdgeDigitsError, match="blends"):
        fit.fit(RunFolder(tmp_path), *data, begin=lambda: begun.append(True))
    assert not begun


def test_another_network_is_no_start(tmp_path: Path) -> None:
    other = architectures.build("simple", 11)
    other.save(tmp_path / "other.keras")
    model = architectures.build("edge", 11)
    with pytest.raises(EdgeDigitsError, match="this run cannot start from"):
        fit._take_weights(model, tmp_path / "other.keras")


def test_the_users_own_frames_help_to_choose_the_epoch() -> None:
    extra = made(20, 5)
    validation = fit.Validation.make(*made(60, 1), RECIPE, extra)
    scores = validation.score(architectures.build("edge", 11))
    parts = [scores[name] for name in ("val_accuracy", "val_degraded_accuracy", "extra_accuracy")]
    assert scores["val_score"] == pytest.approx(sum(parts) / 3)
