"""What is kept of each epoch, what it is scored on, and how the rate falls: without training anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from edgedigits_train import fit
from edgedigits_train.mix.augment import Mix
from edgedigits_train.recipe import Recipe
from edgedigits_train.runfolder import BEST, CHECKPOINT, RunFolder

RECIPE = Recipe(epochs=3, pages=0.0, seed=4, warmup_epochs=1.0, learning_rate=1e-3)


class Network:
    """Counts the epochs that it is trained for, and saves the number of the last."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        self.layers: list[Any] = []
        self.optimizer = SimpleNamespace(learning_rate=0.1)

    def fit(self, *_: object, initial_epoch: int, **__: object) -> SimpleNamespace:
        assert initial_epoch == self.epoch
        self.epoch += 1
        return SimpleNamespace(history={"loss": [1.0], "accuracy": [0.5]})

    def save(self, path: Path) -> None:
        path.write_text(str(self.epoch))


class Scores:
    """Gives the scores of a list in turn."""

    def __init__(self, scores: list[float]) -> None:
        self.scores: Iterator[float] = iter(scores)

    def score(self, model: object) -> dict[str, float]:
        return dict.fromkeys(("val_accuracy", "val_degraded_accuracy", "val_score"), next(self.scores))


def run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, before: list[float], scores: list[float], keep: str
) -> None:
    """Train from the epochs with the scores `before` to the third."""
    monkeypatch.setattr(fit, "open_network", lambda path: Network(len(before)))
    monkeypatch.setattr(fit, "compile_model", lambda *_, **__: Network(0))
    if before:
        rows = [{"epoch": 1.0 + number, "val_score": score} for number, score in enumerate(before)]
        RunFolder(folder).write_history(rows)
    write = RunFolder.write_history

    def written(run: RunFolder, rows: list[dict[str, float]]) -> None:
        assert (run.path / CHECKPOINT).read_text() == str(len(rows)), "a row comes after its checkpoint"
        write(run, [{name: row.get(name, 0.0) for name in rows[-1]} for row in rows])

    monkeypatch.setattr(RunFolder, "write_history", written)
    material: Any = SimpleNamespace(recipe=replace(RECIPE, keep=keep), steps=1, order=lambda epoch: None)
    validation: Any = Scores(scores)
    fit.fit(RunFolder(folder), material, validation, say=lambda text: None)


@pytest.mark.parametrize(
    ("before", "scores", "keep", "kept", "why"),
    [
        ([], [0.5, 0.7, 0.6], "best", "2", "the highest score"),
        ([], [0.5, 0.5, 0.5], "best", "1", "an equal score is no better"),
        ([0.9, 0.5], [0.8], "best", "before", "the best epoch was before the interruption"),
        ([0.5], [0.4, 0.6], "best", "3", "one after it is better"),
        ([0.9], [0.5, 0.4], "last", "3", "scores choose nothing"),
    ],
)
def test_the_kept_network_is_of_the_epoch_that_the_recipe_asks_for(
    before: list[float],
    scores: list[float],
    keep: str,
    kept: str,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / BEST).write_text("before")
    run(tmp_path, monkeypatch, before, scores, keep)
    assert (tmp_path / BEST).read_text() == kept, why
    assert (tmp_path / CHECKPOINT).read_text() == "3"
    assert [row["epoch"] for row in RunFolder(tmp_path).read_history()] == [1, 2, 3]


def test_a_network_that_starts_from_another_needs_no_pretrained_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would be downloaded, or the run refused without a network, only to be replaced."""
    asked: list[bool] = []

    def compiled(*_: object, random_weights: bool) -> None:
        asked.append(random_weights)
        raise KeyboardInterrupt

    monkeypatch.setattr(fit, "compile_model", compiled)
    material: Any = SimpleNamespace(recipe=RECIPE, steps=1)
    validation: Any = None
    for start in (None, tmp_path / "model.keras"):
        with pytest.raises(KeyboardInterrupt):
            fit.fit(RunFolder(tmp_path), material, validation, start=start)
    assert asked == [False, True]


def test_dropout_draws_anew_in_each_epoch_and_layer_and_for_each_seed() -> None:
    def drawn(seed: int, epoch: int) -> list[tuple[int, ...]]:
        states: list[tuple[int, ...]] = []
        keep = SimpleNamespace(assign=lambda state: states.append(tuple(state)))
        dropout = SimpleNamespace(seed_generator=SimpleNamespace(state=keep))
        fit._begin_drawing(SimpleNamespace(layers=[dropout, SimpleNamespace(), dropout]), seed, epoch)
        return states

    assert drawn(1, 0) == drawn(1, 0)
    assert len({*drawn(1, 0), *drawn(1, 1), *drawn(2, 0)}) == 6


def test_the_rate_rises_in_the_first_epoch_and_falls_to_zero_at_the_end_of_the_last() -> None:
    import keras

    model = fit.compile_model(replace(RECIPE, label_smoothing=0.1), 10)
    found = []
    for step in (0, 5, 10, 20, 30):
        model.optimizer.iterations.assign(step)
        found.append(float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)))
    assert found == pytest.approx([4e-5, 5.2e-4, 1e-3, 5e-4, 0], abs=1e-6)
    assert model.loss.label_smoothing == 0.1
    assert type(model.optimizer).__name__ == "Adam"
    muon = fit.compile_model(replace(RECIPE, optimizer="muon"), 10)
    assert type(muon.optimizer).__name__ == "Muon"


def digits(count: int) -> tuple[np.ndarray, np.ndarray]:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 6:22, 10:18] = 200
    return images, (np.arange(count) % 10).astype(np.uint8)


def test_all_runs_are_scored_on_the_same_pictures_whatever_they_are_trained_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise the scores of two recipes or seeds could not be compared."""

    def outliers(count: int, images: np.ndarray, names: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return rng.integers(0, 256, (count, 28, 28), np.uint8)

    monkeypatch.setattr(fit, "make_outliers", outliers)
    first = fit.Validation.make(*digits(60), RECIPE)
    other = replace(RECIPE, seed=5, mix=Mix(families=(), geometry=0.0))
    second = fit.Validation.make(*digits(60), other)
    for name in ("clean", "degraded", "labels", "others"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)
    assert len(first.others) == 10, "a sixth of the digits"
    # Seven families of degradation: hardly a picture of sixty stays as it would be without.
    plain = fit.Validation.make(*digits(60), RECIPE).clean
    rough = np.abs(np.diff(first.degraded.astype(int), axis=2)).sum((1, 2))
    smooth = np.abs(np.diff(plain.astype(int), axis=2)).sum((1, 2))
    assert np.mean(np.abs(rough - smooth) > 0.3 * smooth) > 0.6
    assert len(fit.Validation.make(*digits(60), replace(RECIPE, outliers=0.0)).others) == 0


def test_digits_are_scored_among_the_ten_and_outliers_by_the_eleventh(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As published figures have it: a digit that would be refused counts by the digit that it is read as."""
    labels = np.array([3, 3, 3, 3], np.uint8)
    doubted = np.full((4, 11), 0.01, np.float32)
    doubted[:, 3], doubted[:, 10] = 0.3, 0.61
    wrong = np.roll(doubted, 1, axis=1)[:, :11].copy()
    said = {0: doubted, 1: np.where(np.arange(4)[:, None] < 1, doubted, wrong), 2: doubted[:4].copy()}
    said[2][0, 10] = 0
    monkeypatch.setattr(fit, "probabilities", lambda model, images: said[int(images.max())])
    clean, degraded, others = (np.full((4, 28, 28), value, np.uint8) for value in range(3))
    scores = fit.Validation(clean, degraded, labels, others).score(None)
    assert scores["val_accuracy"] == 1
    assert scores["val_degraded_accuracy"] == 0.25
    assert scores["val_outliers_refused"] == 0.75
    assert scores["val_score"] == pytest.approx((1 + 0.25) / 2)
    assert scores["val_loss"] == pytest.approx(-np.log(0.3))
