"""Fitting: epoch by epoch, so that a run can be stopped anywhere and go on as if it had not been."""

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
"""Fixed for all runs, so that their validation figures can be compared."""


@dataclass(frozen=True)
class Validation:
    """The same pictures after each epoch: clean, degraded, and no digits; the choice is made on them."""

    clean: Images
    degraded: Images
    labels: Labels
    others: Images
    extra: tuple[Images, Labels] | None = None
    """The user's own frames. They are trained on, too: there are too few of them to part."""

    @classmethod
    def make(
        cls, digits: Images, labels: Labels, recipe: Recipe, extra: tuple[Images, Labels] | None = None
    ) -> Validation:
        """From the validation split; drawn with a fixed seed, whatever the run's."""
        rng = np.random.default_rng(_VALIDATION_SEED)
        degraded = augment(digits, Mix(clean=0.0), rng)
        count = len(digits) // 6 if recipe.outliers else 0
        return cls(digits, degraded, labels, make_outliers(count, digits, labels, rng), extra)

    def score(self, model: Any) -> dict[str, float]:
        """Accuracies in 0..1; the best epoch is chosen by `val_score`, the mean of the first ones."""
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
        """Which of the ten it is; "not a digit" is not on offer, as in the figures of others."""
        return float((found[:, :10].argmax(1) == self.labels).mean())


def probabilities(model: Any, images: Images) -> npt.NDArray[np.float32]:
    """Softmax of a Keras model's logits for uint8 [N, 28, 28]: float32 [N, classes]."""
    if len(images) == 0:
        return np.zeros((0, model.output_shape[-1]), np.float32)
    logits = model.predict(to_input(images), batch_size=_PREDICT_BATCH, verbose=0)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exp / exp.sum(axis=1, keepdims=True), np.float32)


def repeatable(seed: int) -> None:
    """Make what follows come out the same to the last bit, on the same machine and packages.

    On a processor the seed does that alone; on a GPU TensorFlow adds up gradients in the order in which
    they get ready, unless it is told to keep to one. On a processor that costs nothing measurable.
    """
    keras.utils.set_random_seed(seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.config.experimental.enable_op_determinism()


def compile_model(recipe: Recipe, steps: int, *, random_weights: bool = False) -> Any:
    """A fresh network, ready to fit: Adam or Muon under a warm-up and a cosine, categorical cross-entropy."""
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
    """Begin with what another run has learned; `EdgeDigitsError` where it is another network."""
    weights = open_network(start, compiled=False).get_weights()
    try:
        model.set_weights(weights)
    except ValueError as error:
        raise EdgeDigitsError(
            f"{start} is no start for this run",
            expected=f"a model.keras of `{model.name}` with {model.output_shape[-1]} classes",
            received=str(error).strip().splitlines()[0][:200],
            remedy="choose the recipe or --architecture that the other run had",
        ) from error


def _blended(model: Any, weights: list[npt.NDArray[Any]], share: float) -> Any:
    """The network with this share of its own weights, the rest of them being `weights`."""
    copy = keras.models.clone_model(model)
    pairs = zip(weights, model.get_weights(), strict=True)
    copy.set_weights([(1 - share) * before + share * after for before, after in pairs])
    return copy


def _begin_drawing(model: Any, seed: int, epoch: int) -> None:
    """Let dropout draw by seed and epoch alone: Keras saves its state in no file."""
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
    """Train until the recipe's last epoch, from the folder's checkpoint where it has one.

    Without one, from the weights of the .keras file `start`, or from random ones; a recipe that blends
    needs it in either case. `begin` is called once, before the first epoch, when all that can be refused
    has been looked at.

    Leaves `model.keras` (the epoch that the recipe keeps), `checkpoint.keras` (the last one, with the
    optimizer's state) and `history.csv`, of which it returns the rows. KeyboardInterrupt passes
    through; what was finished is then in the folder. Raises `ModelError` for a checkpoint or `start`
    that is missing or damaged, `EdgeDigitsError` for a `start` of another network.
    """
    recipe = material.recipe
    history = folder.read_history()
    if recipe.blend < 1 and start is None:
        raise EdgeDigitsError(
            "the recipe blends what a run learns with what it began with",
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
        # Last, because its length says where to go on: a checkpoint without its row is overwritten,
        # a row without its checkpoint would skip an epoch.
        history.append(row)
        folder.write_history(history)
        say(
            f"epoch {epoch + 1}/{recipe.epochs}: loss {row['loss']:.4f}, validation "
            f"{100 * row['val_accuracy']:.2f} % clean, {100 * row['val_degraded_accuracy']:.2f} % degraded, "
            f"{seconds:.0f} s"
        )
    return history
