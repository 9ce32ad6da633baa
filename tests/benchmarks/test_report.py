"""Records on disk, and the tables, comparisons and advice made from them; all figures are invented."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgedigits.errors import DataError
from edgedigits_bench.speed import choose, compare, report
from edgedigits_bench.speed.latency import Paced
from edgedigits_bench.speed.layout import number
from edgedigits_bench.speed.record import PacedSeries, Record, Series

CALM = {
    "governor": None,
    "frequency_mhz": None,
    "temperature_c": None,
    "throttled": None,
    "load_average": 0.0,
}


def record(**changes: Any) -> Record:
    """A run without any measurement."""
    facts: dict[str, Any] = {
        "command": "edgedigits bench",
        "started": "2026-01-01T00:00:00+00:00",
        "quick": False,
        "machine": {"name": "Toaster", "cores": 1, "architecture": "armv8", "cpu_flags": ["asimddp"],
                    "virtual": False, "memory_mb": 1024, "os": "Toast", "kernel": "1", "python": "CPython 3"},
        "state_before": CALM,
        "state_after": CALM,
        "warnings": [],
        "versions": {"numpy": "2.0"},
        "settings": {"onnxruntime_threads": 1, "opencv_threads": 1, "spinning": False},
        "model": {"file": "a.onnx", "sha256": "ab" * 32, "bytes": 1234, "precision": "int8"},
    }  # fmt: skip
    return Record(**{**facts, **changes})


def series(groups_us: list[list[float]], per: int = 1, what: str = "work") -> Series:
    return Series.of(what, per, [[round(us * 1000) for us in group] for group in groups_us])


def measured() -> Record:
    made = record()
    made.series["infer 1"] = series([[20.0] * 5, [22.0] * 5], what="inference, 1")
    made.series["infer 10"] = series([[100.0] * 5, [120.0] * 4 + [5000.0]], 10, "inference, 10")
    made.paced["read"] = PacedSeries.of(
        "a page", Paced(30.0, 4, [2_000_000] * 2 + [40_000_000], [10**6] * 3, 1, 1, 0.031)
    )
    made.memory_mb = {"floor": 70.0, "steady": 90.5}
    return made


def test_a_record_survives_the_disk(tmp_path: Path) -> None:
    before = measured()
    before.save(tmp_path / "deep" / "er" / "x.json")
    assert Record.load(tmp_path / "deep" / "er" / "x.json") == before


def test_samples_are_compact(tmp_path: Path) -> None:
    """Result files of 25,000 samples are committed, so a sample takes at most ten bytes."""
    made = record()
    made.series["a"] = series([[1234.5] * 1000] * 10)
    made.save(tmp_path / "x.json")
    assert (tmp_path / "x.json").stat().st_size < 10 * 10_000


@pytest.mark.parametrize(
    "text",
    [
        "",  # half-written
        "[]",  # something else
        '{"schema": 99}',  # a later version
        '{"schema": 1}',  # cut short by hand
        "\x00\xff",  # no text
    ],
)
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match="not a record"):
        Record.load(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0345, "0.0345"),
        (1.005, "1"),
        (9.876, "9.88"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (123.4, "123"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_tables_show_every_sample_and_the_outlier() -> None:
    (hot, paced, ratios, memory) = report.tables(measured())
    assert hot[2] == ["inference, 10", "10", "100", "120", "5,000", "5,000", "10.0"]
    assert paced[1] == [
        "a page, 30 Hz, from due time",
        "3",
        "2,000",
        "40,000",
        "40,000",
        "40,000",
        "1",
        "1",
        "3.1 %",
    ]
    assert ratios[1] == ["a digit of a batch of 10 / a digit alone, inference", "0.5"]
    assert memory[1] == ["import numpy, cv2, onnxruntime", "70.0"]


def test_a_brief_report_has_the_most_telling_series() -> None:
    made = measured()
    made.series["classify 1"] = series([[20.0]], what="a digit")
    (hot, *others) = report.tables(made, brief=True)
    assert [row[0] for row in hot[1:]] == ["a digit"]
    assert not [table for table in others if "paced" in table[0][0]]


def test_a_quick_run_says_so_in_both_forms() -> None:
    made = measured()
    made.quick = True
    assert "QUICK RUN" in report.plain(made)
    assert "QUICK RUN" in report.markdown(made)
    assert "QUICK RUN" not in report.plain(measured())


def test_warnings_and_command_reach_the_reader() -> None:
    made = measured()
    made.warnings = ["the fan is off"]
    for text in (report.plain(made), report.markdown(made)):
        assert "WARNING: the fan is off" in text
        assert "edgedigits bench" in text
        assert "Toaster" in text


def test_markdown_rows_have_the_columns_of_their_head() -> None:
    for block in report.markdown(measured()).split("\n\n")[:-1]:
        counts = {line.count("|") for line in block.splitlines()}
        assert len(counts) == 1, block


def test_the_module_prints_markdown(tmp_path: Path) -> None:
    measured().save(tmp_path / "x.json")
    command = [sys.executable, "-m", "edgedigits_bench.speed.report", str(tmp_path / "x.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("| back to back")


def with_series(scale: float, groups: int = 10) -> Record:
    made = record()
    made.series["page"] = series([[scale * (1000 + 7 * g + n) for n in range(9)] for g in range(groups)])
    return made


@pytest.mark.parametrize(
    ("scale", "words"),
    [(1.0, "no change that these runs can show"), (1.03, "slower"), (0.9, "faster")],
)
def test_compare_tells_a_change_from_none(scale: float, words: str) -> None:
    (_, row) = compare.table(with_series(1.0), with_series(scale))
    assert row[-1] == words


def test_compare_names_what_else_changed() -> None:
    after = record(
        versions={"numpy": "2.1"}, machine={**record().machine, "kernel": "2"}, quick=True, warnings=["hot"]
    )
    found = compare.differences(record(), after)
    assert found == [
        "machine kernel: 1 -> 2",
        "numpy: 2.0 -> 2.1",
        "second run: hot",
        "second run: quick, too few samples to quote",
    ]
    assert compare.differences(record(), record()) == []


def test_compare_does_not_pair_runs_of_other_sizes() -> None:
    """A quick run has fewer processes: pairing only the first few would compare different pictures."""
    (_, row) = compare.table(with_series(1.0), with_series(2.0, groups=3))
    assert "undecided: 10 and 3 groups" in row[-1]


def test_compare_says_nothing_of_a_few_processes() -> None:
    """With three pairs, two runs of the same program all differ in one direction one time in four."""
    (_, row) = compare.table(with_series(1.0, groups=3), with_series(2.0, groups=3))
    assert "undecided" in row[-1]


@pytest.mark.parametrize("which", [0, 1])
def test_compare_doubts_a_change_when_a_run_was_disturbed(which: int) -> None:
    runs = with_series(1.0), with_series(0.9)
    runs[which].warnings = ["other programs were running"]
    (_, row) = compare.table(*runs)
    assert row[-1] == "faster, but a run was disturbed"


def test_compare_leaves_out_what_only_one_run_has() -> None:
    only = with_series(1.0)
    only.series["litert"] = only.series["page"]
    assert len(compare.table(only, with_series(1.0))) == 2


def contest(times: dict[str, Callable[[int], float]], **accuracy: float) -> Record:
    made = record()
    for name, time in times.items():
        made.peers[name] = {"what": "int8, somewhere", "bytes": 1000 * len(name)}
        if name in accuracy:
            made.peers[name]["accuracy"] = accuracy[name]
        for batch in (1, 10):
            made.series[f"peer {name} {batch}"] = series([[batch * time(g)] * 3 for g in range(20)], batch)
    return made


def test_advice_takes_the_faster_file() -> None:
    made = contest({"int8": lambda g: 20 + g % 3, "float": lambda g: 50 + g % 3})
    assert choose.advice(made)[0] == "use int8"
    assert "float takes 2." in choose.advice(made)[1]


def test_advice_takes_the_smaller_of_two_alike() -> None:
    made = contest({"longer": lambda g: 50 + g % 5, "short": lambda g: 50 + (g + 2) % 5})
    assert choose.advice(made) == [
        "use short",
        "as far as this run can show, longer is just as fast, but larger",
    ]


def test_advice_mentions_accuracy_that_is_lost() -> None:
    made = contest({"int8": lambda g: 20.0, "float": lambda g: 50.0}, int8=98.0, float=99.5)
    assert "float is 1.50 points more accurate" in choose.advice(made)[-1]
    assert len(choose.table(made)) == 3


def test_peers_that_could_not_be_had_keep_their_reason() -> None:
    made = contest({"edgedigits": lambda g: 20.0 + g, "rival": lambda g: 40.0 + 2 * g}, rival=99.0)
    made.peers["absent"] = {"what": "", "unavailable": "it is not installed"}
    rows = {row[0].split()[0].rstrip(":"): row for row in report.peers(made)[1:]}
    assert rows["rival"][4] == "0.50 (0.50-0.50)"
    assert rows["rival"][5] == "99.00"
    assert rows["edgedigits"][3] == rows["edgedigits"][5] == ""
    assert rows["absent"][0] == "absent (not measured: it is not installed)"


def test_bulk_rates_and_gains() -> None:
    rates = {"1": {"read": 100.0, "decode": 150.0}, "2": {"read": 190.0, "decode": 270.0}}
    made = record(bulk={"pictures": 10_000, "what": "pages", "a_second": rates})
    assert report.bulk(made) == [
        ["10,000 pages, a second", "read", "decoded only", "read / decoded"],
        ["--jobs 1", "100", "150", "0.67"],
        ["--jobs 2", "190", "270", "0.70"],
        ["--jobs 2 against --jobs 1", "1.90", "1.80", ""],
    ]
    assert report.bulk(record()) == []


def test_saved_json_is_readable_line_by_line(tmp_path: Path) -> None:
    """One line per list makes a committed result reviewable."""
    measured().save(tmp_path / "x.json")
    lines = (tmp_path / "x.json").read_text("utf-8").splitlines()
    assert len(lines) < 100
    assert json.loads("\n".join(lines))["paced"]["read"]["dropped"] == 1
