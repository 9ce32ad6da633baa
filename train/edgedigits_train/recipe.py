"""The recipe of a run: everything that decides what is trained, in one file of TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError
from edgedigits_train.augment import Mix
from edgedigits_train.geometry import Warp


@dataclass(frozen=True)
class Recipe:
    """What is trained, on what, and for how long."""

    architecture: str = "edge"
    epochs: int = 12
    """One epoch shows each of the 54,000 training digits once, besides pages and outliers."""
    batch: int = 128
    optimizer: str = "adam"
    """`adam`, or `muon`: Adam with orthogonal steps for the kernels of convolutions."""
    learning_rate: float = 2e-3
    """Of the optimizer, at its highest; the schedule warms up to it and falls to nothing by a cosine."""
    warmup_epochs: float = 1.0
    keep: str = "best"
    """Which epoch's network is the run's: `best` on validation, or `last`. In a long run, the rate of which
    falls to nothing, the last is the best but for chance, and the highest of a hundred scores is chance."""
    label_smoothing: float = 0.0
    outliers: float = 0.2
    """Share of a batch that shows what is no digit; 0 trains a network of ten classes."""
    outliers_clean: float | None = None
    """Share of the outliers that stay clean, where it is another than the mix's: what makes a letter a letter
    is often a stroke that a degradation hides."""
    teach_outliers: bool = True
    """Whether the teacher has its share in the labels of outliers, too. They are known to be none."""
    pages: float = 0.12
    """Share of a batch that went over synthetic paper and back through `segment` and `canonical`."""
    page_pool: int = 24000
    """So many frames from pages are made once at the start and drawn from."""
    extra: float = 0.1
    """Share of a batch that comes from the folder of --extra, where one is given."""
    teacher_share: float = 0.7
    """Share of the teacher's answer in the labels, beside the truth, where a teacher is given."""
    seed: int = 1
    mix: Mix = field(default_factory=Mix)

    def __post_init__(self) -> None:
        for name, low, high in (
            ("epochs", 1, 10_000),
            ("batch", 8, 8192),
            ("learning_rate", 1e-7, 1),
            ("outliers", 0, 0.5),
            ("outliers_clean", 0, 1),
            ("pages", 0, 0.5),
            ("extra", 0, 0.5),
            ("teacher_share", 0, 1),
        ):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise EdgeDigitsError(
                    f"the recipe's `{name}` is out of range",
                    expected=f"{low} to {high}",
                    received=str(value),
                )
        for name, known in (("optimizer", ("adam", "muon")), ("keep", ("best", "last"))):
            if getattr(self, name) not in known:
                raise EdgeDigitsError(
                    f"the recipe's `{name}` is not known",
                    expected=" or ".join(known),
                    received=str(getattr(self, name)),
                )

    @property
    def classes(self) -> int:
        """Ten digits, and "not a digit" where it is taught."""
        return 11 if self.outliers else 10

    def to_dict(self) -> dict[str, Any]:
        """Plain values for `config.json`."""
        return asdict(self)


def _only_known(kind: type, values: Mapping[str, Any], where: str) -> dict[str, Any]:
    known = {item.name for item in fields(kind)}
    if unknown := sorted(set(values) - known):
        raise EdgeDigitsError(
            f"{where} has settings that do not exist",
            expected=", ".join(sorted(known)),
            received=", ".join(unknown),
        )
    return dict(values)


def from_dict(values: Mapping[str, Any], where: str) -> Recipe:
    """The recipe of a parsed TOML file or of `config.json`; `where` names it in errors."""
    top = _only_known(Recipe, values, where)
    if "mix" in top:
        mix = _only_known(Mix, top["mix"], f"{where}, [mix]")
        if "warp" in mix:
            mix["warp"] = Warp(**_only_known(Warp, mix["warp"], f"{where}, [mix.warp]"))
        if "families" in mix:
            mix["families"] = tuple(mix["families"])
        top["mix"] = Mix(**mix)
    return Recipe(**top)


def load(name: str) -> Recipe:
    """A recipe by the path of a TOML file, or by the name of one that comes with the package."""
    path = Path(name)
    if not path.suffix:
        packaged = files("edgedigits_train") / "recipes"
        known = sorted(Path(str(item)).stem for item in packaged.iterdir() if str(item).endswith(".toml"))
        if name not in known:
            raise EdgeDigitsError(
                f"there is no recipe {name!r}", expected=f"a .toml file, or one of {', '.join(known)}"
            )
        path = Path(str(packaged / f"{name}.toml"))
    try:
        return from_dict(tomllib.loads(path.read_text("utf-8")), str(path))
    except OSError as error:
        raise EdgeDigitsError(f"the recipe {path} cannot be read", received=error.strerror or "") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EdgeDigitsError(f"the recipe {path} is not valid TOML", received=str(error)) from error


def override(recipe: Recipe, **changes: Any) -> Recipe:
    """The recipe with the flags that were given (not None) put over it."""
    return replace(recipe, **{name: value for name, value in changes.items() if value is not None})
