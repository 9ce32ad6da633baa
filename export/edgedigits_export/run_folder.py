"""What `edgedigits train` left in a run folder: the network and how it was trained."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError
from edgedigits_train.networks import load_keras, require_digits

MODEL, CONFIG = "model.keras", "config.json"
_COMPLETE = {"architecture", "data_sha256", "recipe.mix", "seed", "split_seed"}


@dataclass(frozen=True)
class Run:
    """A folder written by `edgedigits train`."""

    folder: Path
    config: dict[str, Any]

    @property
    def architecture(self) -> str:
        """Name of the network architecture."""
        return str(self.config["architecture"])

    @property
    def mix(self) -> dict[str, Any]:
        """The augmentation of the training pictures."""
        return dict(self.config["recipe"]["mix"])

    @property
    def seed(self) -> int:
        """Seed of the training."""
        return int(self.config["seed"])

    @property
    def split_seed(self) -> int:
        """Seed of the split into training and validation pictures."""
        return int(self.config["split_seed"])

    @property
    def data_sha256(self) -> str:
        """SHA-256 of the training data."""
        return str(self.config["data_sha256"])

    def network(self) -> Any:
        """Open the Keras model: float32 [N, 28, 28, 1] in 0..1 to logits [N, 10 or 11].

        Raises `EdgeDigitsError` for a file that Keras cannot read, or a network with other shapes.
        """
        keras = load_keras()
        path = self.folder / MODEL
        try:
            model = keras.saving.load_model(path, compile=False)
        except Exception as error:  # Keras raises ValueError, OSError, KeyError, zipfile.BadZipFile...
            raise EdgeDigitsError(
                f"{path} cannot be read by Keras {keras.__version__}",
                expected="a model saved by `edgedigits train`",
                received=(str(error).strip().splitlines() or [type(error).__name__])[0][:300],
                remedy="train again, or finish the interrupted run with `edgedigits train --resume`",
            ) from error
        require_digits(model, path)
        return model


def read_run(folder: Path) -> Run:
    """Read and check a run folder; raises `EdgeDigitsError` naming the part that is missing or wrong."""
    remedy = "give the folder that `edgedigits train` wrote"
    for path in (folder, folder / CONFIG, folder / MODEL):
        if not path.exists():
            raise EdgeDigitsError(
                f"{folder} is not a training run",
                expected=f"a folder with {MODEL} and {CONFIG}",
                received=f"no {path}",
                remedy=remedy,
            )
    path = folder / CONFIG
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EdgeDigitsError(
            f"{path} cannot be read", expected="a JSON object", received=str(error), remedy=remedy
        ) from error
    if not isinstance(config, dict) or _COMPLETE - _keys(config):
        raise EdgeDigitsError(
            f"{path} does not state how the network was trained",
            expected=", ".join(sorted(_COMPLETE)),
            received=", ".join(sorted(_keys(config))) if isinstance(config, dict) else type(config).__name__,
            remedy=remedy,
        )
    return Run(folder, config)


def _keys(config: dict[str, Any]) -> set[str]:
    recipe = config.get("recipe")
    return set(config) | {f"recipe.{key}" for key in (recipe if isinstance(recipe, dict) else {})}
