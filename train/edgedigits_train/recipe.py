"""The recipe of a run: everything that decides what is trained, in one TOML file."""

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
"""The names in `architectures.ARCHITECTURES`, repeated here because importing Keras takes ten seconds."""
NEEDED = {"start": "RUN", "teacher": "ONNX", "extra": "DIR"}
"""What a recipe may need, with the metavariable of the flag of that name."""
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
    """One epoch shows each of the 54,000 training digits once, besides digits from pages and outliers."""
    batch: int = 128
    optimizer: str = "adam"
    """`adam`, or `muon`: Adam with orthogonal steps for the kernels of convolutions."""
    learning_rate: float = 2e-3
    """Peak learning rate; the schedule warms up to it and decays to zero along a cosine."""
    warmup_epochs: float = 1.0
    keep: str = "best"
    """Which epoch's network is kept: `best` on validation, or `last`. In a long run whose rate falls
    to zero the last is the best except for chance, and the highest of a hundred scores is chance."""
    blend: float = 1.0
    """Share of the trained weights in the ones that are kept; the rest are those of --start. In between, what
    is new is nearly learned and what was known hardly lost (Wortsman and others, "Robust fine-tuning of
    zero-shot models", 2022)."""
    label_smoothing: float = 0.0
    outliers: float = 0.2
    """Share of outliers in a batch; 0 trains a network of ten classes."""
    outliers_clean: float | None = None
    """Share of the outliers that stay clean; None for that of the mix. What makes a letter a letter is often
    a stroke that a degradation hides."""
    signs: float = 0.0
    """Share of hand-drawn signs among the outliers: ticks, question marks, dollars."""
    teach_outliers: bool = True
    """Whether the teacher also contributes to the labels of outliers, which are known to be no digits."""
    upstrokes: float = 0.0
    """Share of the 1s that get an upstroke. The teacher must have learned with some, or it says 7."""
    pages: float = 0.12
    """Share of a batch that was rendered on synthetic pages and read back by `segment` and `canonical`."""
    page_pool: int = 24000
    """Number of frames from pages; they are made once at the start and drawn from."""
    extra: float = 0.1
    """Share of a batch that comes from the --extra folder, if one is given."""
    teacher_share: float = 0.7
    """Weight of the teacher's answer in the labels, beside the truth, if a teacher is given."""
    needs: tuple[str, ...] = ()
    """Flags that a new run must be given, `start`, `teacher` or `extra`: it would be another run without."""
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
                    f"the recipe's `{name}` has an unknown value",
                    expected=" or ".join(names),
                    received=str(getattr(self, name)),
                )
        if unknown := set(self.needs).difference(NEEDED):
            raise EdgeDigitsError(
                "the recipe's `needs` names something that no flag gives",
                expected="start, teacher or extra",
                received=", ".join(sorted(unknown)),
            )
        if sum(round(self.batch * share) for share in (self.pages, self.outliers, self.extra)) >= self.batch:
            raise EdgeDigitsError(
                "the recipe leaves no room in a batch for MNIST's digits",
                expected="`pages`, `outliers` and `extra` that add up to less than 1",
                received=f"{self.pages} + {self.outliers} + {self.extra}, batches of {self.batch}",
            )

    @property
    def classes(self) -> int:
        """Ten digits, plus "not a digit" if the recipe has outliers."""
        return 11 if self.outliers else 10

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `config.json`."""
        return asdict(self)


def from_dict(values: object, where: str) -> Recipe:
    """Return the recipe from a parsed TOML file or `config.json`; `where` names it in errors.

    Raises `EdgeDigitsError` for a setting that is unknown, of the wrong type or out of range.
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
    """Return the same error with its place of origin put in front."""
    return kind(
        f"{where}: {error.what}", expected=error.expected, received=error.received, remedy=error.remedy
    )


def load(name: str) -> Recipe:
    """Load a recipe by the path of a TOML file, or by the name of one that comes with the package.

    Raises `UsageError` if there is none, `EdgeDigitsError` for one with invalid settings.
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
    """Return the recipe with the given flags (those that are not None) applied.

    Raises `UsageError` naming the flag whose value is not allowed.
    """
    for name, value in changes.items():
        if value is not None:
            try:
                recipe = replace(recipe, **{name: value})
            except EdgeDigitsError as error:
                raise _again(UsageError, f"--{name.replace('_', '-')}", error) from error
    return recipe
