"""Recipes: what they may contain, and how they are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgedigits.errors import EdgeDigitsError
from edgedigits.pieces.choose import TRAINING_ODDS
from edgedigits_train import recipe


@pytest.mark.parametrize("name", ["adapt", "edge", "quick"])
def test_the_packaged_recipes_load(name: str) -> None:
    assert recipe.load(name).epochs >= 2


def test_a_recipe_survives_its_config() -> None:
    """`--resume` reads it back from JSON, where tuples have become lists."""
    import json

    for name in ("quick", "hands"):
        first = recipe.load(name)
        again = recipe.from_dict(json.loads(json.dumps(first.to_dict())), "config.json")
        assert again == first


def test_flags_go_over_the_recipe_and_none_leaves_it() -> None:
    changed = recipe.override(recipe.load("quick"), epochs=2, seed=None)
    assert (changed.epochs, changed.seed) == (2, recipe.load("quick").seed)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs = 0", "epochs"),  # nothing to train
        ("outliers = 0.9", "outliers"),  # hardly any digits left
        ("outliers_clean = 1.5", "outliers_clean"),  # a share above 1
        ("optimizer = 'sgd'", "adam or muon"),  # one that is not offered
        ("keep = 'first'", "best or last"),  # likewise
        ("epoch = 5", "epoch"),  # a typo must not be ignored
        ("needs = ['luck']", "luck"),  # there is no such flag
        ("[mix]\nfog = 1", "fog"),  # a typo one level down
        ("[mix]\nfamilies = ['frost']", "frost"),  # a family that does not exist
        ("[mix.warp]\nspin = 3", "spin"),  # two levels down
        ("epochs = ", "not valid TOML"),  # half a line
        ("epochs = 'x'", "`epochs` has the wrong type"),  # was a TypeError
        ("epochs = 2.5", "`epochs` has the wrong type"),  # was an error of `range`, minutes later
        ("batch = true", "`batch` has the wrong type"),  # an integer, to Python
        ("seed = -1", "`seed`"),  # was a ValueError from numpy
        ("seed = [1]", "`seed` has the wrong type"),
        ("warmup_epochs = -1", "warmup_epochs"),
        ("page_pool = 0", "page_pool"),  # nothing to draw from
        ("label_smoothing = 2", "label_smoothing"),
        ("architecture = 'resnet'", "simple or edge or deep or mobilenet"),  # checked without Keras
        ("outliers = 0.5\npages = 0.45", "no room in a batch"),  # was a division by zero
        ("batch = 10\noutliers = 0.5\npages = 0.4", "no room in a batch"),  # with `extra`, just none is left
        ("blend = 1.5", "`blend`"),  # more than all of what was trained
        ("teacher_share = 1.5", "`teacher_share`"),  # would subtract the truth
        ("extra = 0.6", "`extra`"),  # hardly any of MNIST's digits left
        ("mix = 3", "`mix` has the wrong type"),  # was an error about iterating
        ("[mix]\nfamilies = 'blur'", "`families` has the wrong type"),  # was four unknown families
        ("[mix]\nfamilies = [['blur']]", "`families` has the wrong type"),  # was an error about hashing
        ("[mix]\ndepth = 0", "`depth`"),
        ("[mix]\nclean = 1.5", "`clean`"),  # a share above 1
        ("[mix.weights]\nfrost = 1", "frost"),  # a family that does not exist
        ("[mix.weights]\nblur = 1e7", "blur 1"),  # no other family would ever be drawn
        ("[mix.weights]\nblur = 'x'", "`weights` has the wrong type"),
        ("[mix.weights]\nblur = 0", "blur 0"),  # was a division by zero
        ("[mix]\nwarp = 1", "`warp` has the wrong type"),
        ("[mix.warp]\nshift = nan", "`shift`"),
        ("[mix.warp]\nperspective = 0.05", "`perspective`"),  # the vanishing line would enter the picture
    ],
)
def test_a_bad_recipe_names_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(EdgeDigitsError, match=message) as told:
        recipe.load(str(path))
    assert "bad.toml" in str(told.value)


def test_a_recipe_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes("# für mich\nepochs = 2\n".encode("latin-1"))
    with pytest.raises(EdgeDigitsError, match=r"mine\.toml is not valid TOML"):
        recipe.load(str(tmp_path / "mine.toml"))


def test_an_unknown_recipe_lists_the_known_ones() -> None:
    with pytest.raises(
        EdgeDigitsError, match="adapt, distil, edge, finish, hands, hands-teacher, quick, teacher"
    ):
        recipe.load("edgy")


def test_a_missing_recipe_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EdgeDigitsError, match="nowhere"):
        recipe.load(str(tmp_path / "nowhere.toml"))


def test_without_outliers_there_are_ten_classes() -> None:
    assert recipe.Recipe(outliers=0).classes == 10
    assert recipe.Recipe().classes == 11


def test_the_reader_knows_how_many_digits_the_packaged_recipe_shows() -> None:
    """The runtime holds the prior behind the digit score, because it cannot read the recipe."""
    outliers = recipe.load("hands").outliers
    assert pytest.approx((1 - outliers) / outliers) == TRAINING_ODDS
