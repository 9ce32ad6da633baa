"""Train a network epoch by epoch. A run can be stopped at any time and resumed with the same result."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from edgedigits.errors import EdgeDigitsError
from edgedigits_train.architectures import build
from edgedigits_train.batches import Epoch, Material, to_input
from edgedigits_train.mix.augment import Mix, augment
from edgedigits_train.muon import Muon
from edgedigits_train.networks import open_network
from edgedigits_train.outliers.families import make_outliers
from edgedigits_train.recipe import Recipe
from edgedigits_train.runfolder import BEST, CHECKPOINT, RunFolder

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]
_PREDICT_BATCH = 500
_VALIDATION_SEED = 0x5EED
"""The same for all runs, so that their validation figures can be compared."""


@dataclass(frozen=True)
class Validation:
    """The pictures that each epoch is scored on: clean and degraded digits, and outliers."""

    clean: Images
    degraded: Images
    labels: Labels
    others: Images
    extra: tuple[Images, Labels] | None = None
    """The user's own frames. They are trained on as well: there are too few of them to split."""

    @classmethod
    def make(
        cls, digits: Images, labels: Labels, recipe: Recipe, extra: tuple[Images, Labels] | None = None
    ) -> Validation:
        """Make it from the validation split, with a fixed seed whatever the run's is."""
        rng = np.random.default_rng(_VALIDATION_SEED)
        degraded = augment(digits, Mix(clean=0.0), rng)
        count = len(digits) // 6 if recipe.outliers else 0
        return cls(digits, degraded, labels, make_outliers(count, digits, labels, rng), extra)

    def score(self, model: Any) -> dict[str, float]:
        """Return accuracies in 0..1 and the loss; `val_score`, a mean of accuracies, picks the best epoch.

        It leaves out `val_outliers_refused`.
        """
        clean = probabilities(model, self.clean)
        scores = {
            "val_accuracy": self._accuracy(clean),
            "val_degraded_accuracy": self._accuracy(probabilities(model, self.degraded)),
        }
        if self.extra is not None:
            said = probabilities(model, self.extra[0]).argmax(1)
            scores["extra_accuracy"] = float((said == self.extra[1]).mean())
        scores["val_score"] = sum(scores.values()) / len(scores)
        if len(self.others):
            none = probabilities(model, self.others).argmax(1) == 10
            scores["val_outliers_refused"] = float(none.mean())
        truth = clean[np.arange(len(clean)), self.labels]
        scores["val_loss"] = float(-np.log(np.maximum(truth, 1e-7)).mean())
        return scores

    def _accuracy(self, found: npt.NDArray[np.float32]) -> float:
        """Return the accuracy among the ten digits, without "not a digit", as published figures have it."""
        return float((found[:, :10].argmax(1) == self.labels).mean())


def probabilities(model: Any, images: Images) -> npt.NDArray[np.float32]:
    """Return the softmax of a Keras model's logits for uint8 [N, 28, 28]: float32 [N, classes]."""
    if len(images) == 0:
        return np.zeros((0, model.output_shape[-1]), np.float32)
    logits = model.predict(to_input(images), batch_size=_PREDICT_BATCH, verbose=0)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=1, keepdims=True), np.float32)


def repeatable(seed: int) -> None:
    """Make what follows reproducible to the last bit, on the same machine with the same packages.

    On a CPU the seed alone does that. On a GPU TensorFlow adds gradients in whatever order they arrive,
    unless told otherwise. On a CPU that setting has no measurable cost.
    """
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()


def compile_model(recipe: Recipe, steps: int, *, random_weights: bool = False) -> Any:
    """Return a compiled network: Adam or Muon, warm-up and cosine decay, categorical cross-entropy."""
    repeatable(recipe.seed)
    model = build(recipe.architecture, recipe.classes, random_weights=random_weights)
    warmup = int(recipe.warmup_epochs * steps)
    schedule = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / 25,
        decay_steps=max(1, recipe.epochs * steps - warmup),
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
    )
    model.compile(
        optimizer=(Muon if recipe.optimizer == "muon" else keras.optimizers.Adam)(schedule),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
    )
    return model


def _take_weights(model: Any, start: Path) -> None:
    """Load the weights of another run; raises `EdgeDigitsError` if its network is a different one."""
    weights = open_network(start, compiled=False).get_weights()
    try:
        model.set_weights(weights)
    except ValueError as error:
        raise EdgeDigitsError(
            f"this run cannot start from {start}",
            expected=f"a model.keras of `{model.name}` with {model.output_shape[-1]} classes",
            received=str(error).strip().splitlines()[0][:200],
            remedy="choose the recipe or --architecture of the other run",
        ) from error


def _blended(model: Any, weights: list[npt.NDArray[Any]], share: float) -> Any:
    """Return a copy of the network: `share` of its own weights, the rest from `weights`."""
    copy = keras.models.clone_model(model)
    pairs = zip(weights, model.get_weights(), strict=True)
    copy.set_weights([(1 - share) * before + share * after for before, after in pairs])
    return copy


def _begin_drawing(model: Any, seed: int, epoch: int) -> None:
    """Seed dropout by seed and epoch, because Keras saves the state of its generators in no file."""
    for place, layer in enumerate(model.layers):
        if (drawing := getattr(layer, "seed_generator", None)) is not None:
            drawing.state.assign(np.random.default_rng([seed, epoch, place]).integers(2**31, size=2))


def fit(
    folder: RunFolder,
    material: Material,
    validation: Validation,
    *,
    random_weights: bool = False,
    start: Path | None = None,
    begin: Callable[[], None] = lambda: None,
    say: Callable[[str], None] = print,
) -> list[dict[str, float]]:
    """Train until the recipe's last epoch, starting from the folder's checkpoint if there is one.

    Without one, start from the weights of the .keras file `start`, or from random ones. A recipe that blends
    needs `start` in either case. `begin` is called once before the first epoch, after all checks.

    Writes `model.keras` (the epoch that the recipe keeps), `checkpoint.keras` (the last epoch, with the
    optimizer's state) and `history.csv`, and returns the rows of the latter. KeyboardInterrupt passes
    through; finished epochs are then in the folder. Raises `ModelError` if the checkpoint or `start` is
    missing or damaged, `EdgeDigitsError` if `start` is another network.
    """
    recipe = material.recipe
    history = folder.read_history()
    if recipe.blend < 1 and start is None:
        raise EdgeDigitsError(
            "the recipe blends the trained weights with those that the run starts from",
            expected="--start packaged, or the folder of a run",
            received="none",
        )
    if history:
        model = open_network(folder.path / CHECKPOINT)
        repeatable(recipe.seed + len(history))
    else:
        model = compile_model(recipe, material.steps, random_weights=random_weights or start is not None)
        if start is not None:
            _take_weights(model, start)
    before = open_network(start, compiled=False).get_weights() if start and recipe.blend < 1 else None
    begin()
    best = max((row["val_score"] for row in history), default=-1.0)
    for epoch in range(len(history), recipe.epochs):
        _begin_drawing(model, recipe.seed, epoch)
        started = time.perf_counter()
        logs = model.fit(
            Epoch(material, epoch),
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,  # the order is drawn by epoch; Keras's shuffle would differ after --resume
            verbose=1 if sys.stderr.isatty() and sys.stdout.isatty() else 0,
        ).history
        seconds = time.perf_counter() - started
        row = {
            "epoch": epoch + 1.0,
            "loss": float(logs["loss"][0]),
            "accuracy": float(logs["accuracy"][0]),
            **validation.score(model),
            "learning_rate": float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)),
            "seconds": seconds,
        }
        if recipe.keep == "last" or row["val_score"] > best:
            best = row["val_score"]
            folder.save_model(_blended(model, before, recipe.blend) if before else model, BEST)
        folder.save_model(model, CHECKPOINT)
        # Written last, because its length says where to resume: a checkpoint without its row is overwritten;
        # a row without its checkpoint would skip an epoch.
        history.append(row)
        folder.write_history(history)
        say(
            f"epoch {epoch + 1}/{recipe.epochs}: loss {row['loss']:.4f}, validation "
            f"{100 * row['val_accuracy']:.2f} % clean, {100 * row['val_degraded_accuracy']:.2f} % degraded, "
            f"{seconds:.0f} s"
        )
    return history
