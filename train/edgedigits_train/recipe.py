"""The recipe of a run: everything that decides what is trained, in one file of TOML."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from edgedigits.errors import EdgeDigitsError, UsageError
from edgedigits_train.mix.augment import Mix
from edgedigits_train.mix.geometry import Warp
from edgedigits_train.settings import known, within

ARCHITECTURES = ("simple", "edge", "deep", "mobilenet")
"""Names in `architectures.ARCHITECTURES`, known here without the ten seconds that importing Keras takes."""
NEEDED = {"start": "RUN", "teacher": "ONNX", "extra": "DIR"}
"""What a recipe may need, and what the flag of that name takes."""
_RANGES = {
    "epochs": (1, 10_000),
    "batch": (8, 8192),
    "learning_rate": (1e-7, 1),
    "warmup_epochs": (0, 10_000),
    "blend": (0, 1),
    "label_smoothing": (0, 1),
    "outliers": (0, 0.5),
    "outliers_clean": (0, 1),
    "signs": (0, 1),
    "upstrokes": (0, 1),
    "pages": (0, 0.5),
    "page_pool": (1, 10_000_000),
    "extra": (0, 0.5),
    "teacher_share": (0, 1),
    "seed": (0, 4_000_000_000),  # Keras takes 32 bits, and gets the seed plus the epoch
}


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
    blend: float = 1.0
    """Share of what the run has learned in the weights that it keeps; the rest are those of --start. Between
    the two, what is new is nearly learned and what was known hardly lost (Wortsman and others, "Robust
    fine-tuning of zero-shot models", 2022)."""
    label_smoothing: float = 0.0
    outliers: float = 0.2
    """Share of a batch that shows what is no digit; 0 trains a network of ten classes."""
    outliers_clean: float | None = None
    """Share of the outliers that stay clean, where it is another than the mix's: what makes a letter a letter
    is often a stroke that a degradation hides."""
    signs: float = 0.0
    """Share of the outliers that are signs as a hand draws them: ticks, question marks, dollars."""
    teach_outliers: bool = True
    """Whether the teacher has its share in the labels of outliers, too. They are known to be none."""
    upstrokes: float = 0.0
    """Share of the 1s that get an upstroke. A teacher must have learned with some: others say 7."""
    pages: float = 0.12
    """Share of a batch that went over synthetic paper and back through `segment` and `canonical`."""
    page_pool: int = 24000
    """So many frames from pages are made once at the start and drawn from."""
    extra: float = 0.1
    """Share of a batch that comes from the folder of --extra, where one is given."""
    teacher_share: float = 0.7
    """Share of the teacher's answer in the labels, beside the truth, where a teacher is given."""
    needs: tuple[str, ...] = ()
    """Flags that a new run must be given, `start`, `teacher` or `extra`: it would be another without."""
    seed: int = 1
    mix: Mix = field(default_factory=Mix)

    def __post_init__(self) -> None:
        within(self, _RANGES)
        for name, names in (
            ("architecture", ARCHITECTURES),
            ("optimizer", ("adam", "muon")),
            ("keep", ("best", "last")),
        ):
            if getattr(self, name) not in names:
                raise EdgeDigitsError(
                    f"the recipe's `{name}` is not known",
                    expected=" or ".join(names),
                    received=str(getattr(self, name)),
                )
        if unknown := set(self.needs).difference(NEEDED):
            raise EdgeDigitsError(
                "the recipe `needs` what no flag gives",
                expected="start, teacher or extra",
                received=", ".join(sorted(unknown)),
            )
        if sum(round(self.batch * share) for share in (self.pages, self.outliers, self.extra)) >= self.batch:
            raise EdgeDigitsError(
                "the recipe leaves no place in a batch for MNIST's digits",
                expected="`pages`, `outliers` and `extra` that add up to less than 1",
                received=f"{self.pages} + {self.outliers} + {self.extra}, batches of {self.batch}",
            )

    @property
    def classes(self) -> int:
        """Ten digits, and "not a digit" where it is taught."""
        return 11 if self.outliers else 10

    def to_dict(self) -> dict[str, Any]:
        """Plain values for `config.json`."""
        return asdict(self)


def from_dict(values: object, where: str) -> Recipe:
    """The recipe of a parsed TOML file or of `config.json`; `where` names it in errors.

    Raises `EdgeDigitsError` for a setting that does not exist, is of the wrong kind or out of range.
    """
    top = known(Recipe, values, where)
    if "mix" in top:
        in_mix, in_warp = f"{where}, [mix]", f"{where}, [mix.warp]"
        mix = known(Mix, top["mix"], in_mix)
        if "warp" in mix:
            mix["warp"] = _made(Warp, known(Warp, mix["warp"], in_warp), in_warp)
        if "families" in mix:
            mix["families"] = tuple(mix["families"])
        top["mix"] = _made(Mix, mix, in_mix)
    if "needs" in top:
        top["needs"] = tuple(top["needs"])
    made: Recipe = _made(Recipe, top, where)
    return made


def _made(kind: type, values: dict[str, Any], where: str) -> Any:
    try:
        return kind(**values)
    except EdgeDigitsError as error:
        raise _again(EdgeDigitsError, where, error) from error


def _again(kind: type[EdgeDigitsError], where: str, error: EdgeDigitsError) -> EdgeDigitsError:
    """The same error, with the place that it came from before it."""
    return kind(
        f"{where}: {error.what}", expected=error.expected, received=error.received, remedy=error.remedy
    )


def load(name: str) -> Recipe:
    """A recipe by the path of a TOML file, or by the name of one that comes with the package.

    Raises `UsageError` where there is none, `EdgeDigitsError` for one that says what it may not.
    """
    path = Path(name)
    if not path.suffix:
        packaged = files("edgedigits_train") / "recipes"
        names = sorted(Path(str(item)).stem for item in packaged.iterdir() if str(item).endswith(".toml"))
        if name not in names:
            raise UsageError(
                f"there is no recipe {name!r}", expected=f"a .toml file, or one of {', '.join(names)}"
            )
        path = Path(str(packaged / f"{name}.toml"))
    try:
        return from_dict(tomllib.loads(path.read_text("utf-8")), str(path))
    except OSError as error:
        raise UsageError(f"the recipe {path} cannot be read", received=error.strerror or "") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EdgeDigitsError(f"the recipe {path} is not valid TOML", received=str(error)) from error


def override(recipe: Recipe, **changes: Any) -> Recipe:
    """The recipe with the flags that were given (not None) put over it.

    Raises `UsageError` naming the flag that a recipe may not have so.
    """
    for name, value in changes.items():
        if value is not None:
            try:
                recipe = replace(recipe, **{name: value})
            except EdgeDigitsError as error:
                raise _again(UsageError, f"--{name.replace('_', '-')}", error) from error
    return recipe
