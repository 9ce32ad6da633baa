"""What a machine reports about itself, from files as on real machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgedigits_bench.speed import machine

PI5 = """processor\t: 0
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
"""
PI4 = "processor\t: 0\nFeatures\t: fp asimd evtstrm crc32 cpuid\n"
EPYC = """processor\t: 0
model name\t: AMD EPYC
flags\t\t: fpu sse2 hypervisor avx2 avx512f avx512_vnni avx512_bf16
"""


def rest(**changes: Any) -> dict[str, Any]:
    """The state of a machine without any problem."""
    calm = {
        "governor": "performance",
        "frequency_mhz": 2400,
        "temperature_c": 50.0,
        "throttled": [],
        "load_average": 0.1,
    }
    return {**calm, **changes}


@pytest.mark.parametrize(
    ("cpuinfo", "flags"),
    [
        (PI5, ["asimd", "asimddp"]),  # Cortex-A76: has the dot product
        (PI4, ["asimd"]),  # Cortex-A72: has none, so int8 gains little there
        (EPYC, ["avx2", "avx512f", "avx512_vnni"]),  # avx512_bf16 does not matter for int8
        ("", []),  # no /proc: macOS, Windows
    ],
)
def test_cpu_flags(cpuinfo: str, flags: list[str]) -> None:
    assert machine.cpu_flags(cpuinfo) == flags


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("throttled=0x0\n", []),
        ("throttled=0x50000\n", ["under-voltage has occurred", "throttling has occurred"]),
        ("throttled=0x50005\n", ["under-voltage now", "throttled now", "under-voltage has occurred",
                                 "throttling has occurred"]),
        ("throttled=0x8\n", ["soft temperature limit now"]),
        ("", None),  # no vcgencmd: not a Raspberry Pi
        ("VCHI initialization failed\n", None),  # not in the video group
    ],
)  # fmt: skip
def test_throttled(answer: str, words: list[str] | None) -> None:
    assert machine.throttled(answer) == words


def test_describe_reads_a_raspberry_pi(tmp_path: Path) -> None:
    files = {
        "proc/cpuinfo": PI5,
        "proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0\0",
        "proc/meminfo": "MemTotal:        8245456 kB\n",
        "etc/os-release": 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = machine.describe(tmp_path)
    assert found["name"] == "Raspberry Pi 5 Model B Rev 1.0"
    assert found["os"] == "Debian GNU/Linux 12 (bookworm)"
    assert (found["memory_mb"], found["virtual"]) == (8052, False)
    assert machine.slug(found["name"]) == "raspberry-pi-5-model-b-rev-1-0"


def test_describe_answers_where_nothing_is_told(tmp_path: Path) -> None:
    found = machine.describe(tmp_path)
    assert found["name"]
    assert found["cpu_flags"] == []


def test_state_reads_clock_heat_and_load(tmp_path: Path) -> None:
    files = {
        "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "ondemand\n",
        "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq": "1500000\n",
        "sys/class/thermal/thermal_zone0/temp": "48312\n",
        "sys/class/thermal/thermal_zone1/temp": "61850\n",  # the hottest counts
        "sys/class/thermal/thermal_zone2/temp": "\n",  # a sensor that is powered down
        "proc/loadavg": "0.31 0.20 0.10 1/200 1234\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = machine.state(tmp_path)
    assert (found["governor"], found["frequency_mhz"]) == ("ondemand", 1500)
    assert (found["temperature_c"], found["load_average"]) == (61.85, 0.31)


@pytest.mark.parametrize(
    ("before", "after", "telling"),
    [
        (rest(), rest(), None),
        (rest(load_average=1.5), rest(), "other programs were running"),
        (rest(), rest(load_average=2.0), None),  # our own load
        (rest(governor="powersave"), rest(), "governor is 'powersave'"),
        (rest(governor=None, load_average=None), rest(governor=None), None),  # a machine that reports neither
        (rest(), rest(frequency_mhz=1500), "fell from 2400 to 1500"),
        (rest(), rest(throttled=["throttling has occurred"]), "void"),
        (rest(throttled=["throttled now"]), rest(throttled=["throttled now"]), "void"),
        # it happened before this run, perhaps days ago
        (rest(throttled=["throttling has occurred"]), rest(throttled=["throttling has occurred"]), None),
        (rest(throttled=None), rest(throttled=None), None),
    ],
)
def test_warnings(before: dict[str, Any], after: dict[str, Any], telling: str | None) -> None:
    found = machine.warnings(before, after, cores=2)
    if telling is None:
        assert found == []
    else:
        assert len(found) == 1
        assert telling in found[0]


def test_versions_name_what_takes_part() -> None:
    found = machine.versions()
    assert {"edgedigits", "numpy", "onnxruntime"} <= found.keys()
    assert "pytest" not in found
