"""Training batches, made while the network trains. Each depends only on seed, epoch and batch index."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from edgedigits_train.mix import pages
from edgedigits_train.mix.augment import augment
from edgedigits_train.mix.upstrokes import upstroked
from edgedigits_train.outliers.families import make_outliers
from edgedigits_train.recipe import Recipe
from edgedigits_train.teacher import Teacher

Images = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]


class Material:
    """Everything that batches are drawn from, prepared once for a run."""

    def __init__(
        self,
        digits: Images,
        labels: Labels,
        recipe: Recipe,
        extra: tuple[Images, Labels] | None = None,
        teacher: Teacher | None = None,
    ) -> None:
        """Take the training split, `digits` uint8 [N, 28, 28] and `labels` [N], and the user's own `extra`.

        The recipe says how much the answers of a `teacher` weigh in the labels.
        """
        self.digits, self.labels, self.recipe, self.extra = digits, labels, recipe, extra
        self.teacher = teacher
        self.pages = self._written() if recipe.pages else None
        if self.pages is not None and not recipe.outliers:
            kept = self.pages[1] != pages.NONE
            self.pages = self.pages[0][kept], self.pages[1][kept]
        self.counts = self._counts()

    def _written(self) -> tuple[Images, Labels]:
        """Return frames and labels of digits that were rendered on synthetic pages."""
        recipe = self.recipe
        rng = np.random.default_rng([recipe.seed, 0x0417])
        digits = upstroked(self.digits, self.labels, recipe.upstrokes, rng)
        return pages.pool(recipe.page_pool, digits, self.labels, recipe.seed)

    def _counts(self) -> tuple[int, int, int, int]:
        """Return how many pictures of a batch are plain digits, from pages, outliers and extra."""
        recipe = self.recipe
        shares = (
            recipe.pages if self.pages is not None else 0.0,
            recipe.outliers,
            recipe.extra if self.extra is not None else 0.0,
        )
        others = [round(recipe.batch * share) for share in shares]
        return recipe.batch - sum(others), others[0], others[1], others[2]

    @property
    def steps(self) -> int:
        """Batches in an epoch: each digit is shown once, except for an incomplete last batch."""
        return max(1, len(self.digits) // self.counts[0])

    def order(self, epoch: int) -> npt.NDArray[np.int64]:
        """Return the order [N] in which an epoch shows the digits."""
        return np.random.default_rng([self.recipe.seed, epoch]).permutation(len(self.digits))

    def batch(
        self, order: npt.NDArray[np.int64], epoch: int, index: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return pictures float32 [B, 28, 28, 1] in 0..1 and labels float32 [B, classes]; rows sum to 1."""
        rng = np.random.default_rng([self.recipe.seed, epoch, index])
        digits, from_pages, others, extra = self.counts
        chosen = order[index * digits : (index + 1) * digits]
        labels = self.labels[chosen]
        pictures, names = [upstroked(self.digits[chosen], labels, self.recipe.upstrokes, rng)], [labels]
        for pool, count in ((self.pages, from_pages), (self.extra, extra)):
            if pool is not None and count:
                drawn = rng.integers(len(pool[0]), size=count)
                pictures.append(pool[0][drawn])
                names.append(pool[1][drawn])
        if others:
            made = make_outliers(others, self.digits, self.labels, rng, signs=self.recipe.signs)
            pictures.append(made)
            names.append(np.full(others, pages.NONE, np.uint8))
        images = self._degraded(np.concatenate(pictures), others, rng)
        truth = np.eye(self.recipe.classes, dtype=np.float32)[np.concatenate(names)]
        if self.teacher is not None:
            taught = len(images) - (0 if self.recipe.teach_outliers else others)
            share = np.float32(self.recipe.teacher_share)
            truth[:taught] += share * (self.teacher.probabilities(images[:taught]) - truth[:taught])
        return to_input(images), truth

    def _degraded(self, images: Images, others: int, rng: np.random.Generator) -> Images:
        """Augment a batch whose last `others` pictures are outliers."""
        mix, clean = self.recipe.mix, self.recipe.outliers_clean
        if clean is None:
            return augment(images, mix, rng)
        first = len(images) - others
        digits = augment(images[:first], mix, rng)
        return np.concatenate([digits, augment(images[first:], replace(mix, clean=clean), rng)])


def to_input(images: Images) -> npt.NDArray[np.float32]:
    """Convert uint8 [N, 28, 28] to what the networks take: float32 [N, 28, 28, 1] in 0..1."""
    return (images.astype(np.float32) / np.float32(255))[..., None]


class Epoch(keras.utils.PyDataset):  # type: ignore[misc]
    """One epoch's batches for `fit`, made ahead by two threads; the order does not depend on them."""

    def __init__(self, material: Material, epoch: int) -> None:
        super().__init__(workers=2, max_queue_size=16)
        self._material, self._epoch, self._order = material, epoch, material.order(epoch)

    def __len__(self) -> int:
        return self._material.steps

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self._material.batch(self._order, self._epoch, index)
