"""The search over shapes starts from the packaged network, and its ratios are the right way round."""

from __future__ import annotations

import pytest

from edgedigits_bench.trials.shapes import HEADER, NETWORKS, Times, build, row


def test_the_first_network_is_the_packaged_one() -> None:
    pytest.importorskip("keras", reason="the extra `train` is not installed")
    from edgedigits_train.architectures import build as architecture

    ours, packaged = build(next(iter(NETWORKS.values()))), architecture("edge")
    assert ours.count_params() == packaged.count_params()
    assert [layer.output.shape for layer in ours.layers] == [layer.output.shape for layer in packaged.layers]


def test_ratios_are_ours_over_theirs() -> None:
    times = Times(parameters=1000, bytes=2500, fp32=60, int8=30, litert=20, int8_of_ten=12, litert_of_ten=15)
    line = "| name | 1,000 | 2 | 60.0 | 30.0 | 20.0 | 12.0 | 15.0 | 1.50 | 0.80 | 0.50 | 0.40 |"
    assert row("name", times) == line
    assert all(head.count("|") == line.count("|") for head in HEADER.splitlines())
