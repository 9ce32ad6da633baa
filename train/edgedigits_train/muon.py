"""Muon for the kernels of convolutions, Adam for all other weights.

Keller Jordan and others, "Muon: An optimizer for hidden layers in neural networks" (2024): the momentum of a
weight matrix is replaced by the nearest semi-orthogonal matrix, so that rare directions of the gradient are
learned as fast as common ones. The step is scaled to the length of Adam's, so that one learning rate fits
both (Liu and others, "Muon is Scalable for LLM Training", arXiv 2502.16982, 2025). Keras's own `Muon` leaves
the kernels of convolutions, which make up nearly all of these networks, to Adam.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

_A, _B, _C = 3.4445, -4.7750, 2.0315
"""Jordan's polynomial: applied five times, it brings any singular value in 0..1 close to 1."""
_ROUNDS = 5
_MOMENTUM = 0.95
_STEP = 0.2
"""Root mean square of Adam's steps in units of the learning rate, as measured by Liu and others."""


def orthogonal(matrix: Any) -> Any:
    """Return roughly the nearest matrix [N, M] whose singular values are all 1 (in fact 0.7 to 1.2).

    The Newton-Schulz iteration needs no decomposition, only matrix products.
    """
    flat = matrix.shape[0] <= matrix.shape[1]
    x = matrix if flat else ops.transpose(matrix)
    x = x / (ops.norm(x) + 1e-7)
    for _ in range(_ROUNDS):
        gram = ops.matmul(x, ops.transpose(x))
        x = _A * x + ops.matmul(_B * gram + _C * ops.matmul(gram, gram), x)
    return x if flat else ops.transpose(x)


@keras.saving.register_keras_serializable("edgedigits")
class Muon(keras.optimizers.Adam):  # type: ignore[misc]
    """Takes the arguments of Adam. Kernels [H, W, in, out] are treated as matrices [H * W * in, out]."""

    def build(self, variables: list[Any]) -> None:
        """Allocate the momentum of each kernel."""
        if self.built:
            return
        super().build(variables)
        self._momentum = {
            self._get_variable_index(variable): self.add_variable_from_reference(
                variable, name="kernel_momentum"
            )
            for variable in variables
            if len(variable.shape) == 4
        }

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable."""
        if len(variable.shape) != 4:
            super().update_step(gradient, variable, learning_rate)
            return
        kept = self._momentum[self._get_variable_index(variable)]
        momentum = _MOMENTUM * kept + gradient
        self.assign(kept, momentum)
        ahead = gradient + _MOMENTUM * momentum  # Nesterov momentum
        rows, columns = variable.shape[0] * variable.shape[1] * variable.shape[2], variable.shape[3]
        step = orthogonal(ops.reshape(ahead, (rows, columns))) * _STEP * max(rows, columns) ** 0.5
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(variable, rate * ops.reshape(step, variable.shape))
