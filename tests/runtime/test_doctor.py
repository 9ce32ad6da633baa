"""What `edgedigits doctor` finds on made-up machines, and that every problem comes with its fix."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from edgedigits.doctor import devices as checkup_devices
from edgedigits.doctor import software as checkup
from edgedigits.doctor.software import Finding

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /dev, /proc and /sys")


@pytest.mark.parametrize(
    ("machine", "bits", "status"),
    [
        ("x86_64", 64, "ok"),
        ("aarch64", 64, "ok"),  # a Pi with the 64-bit OS
        ("armv7l", 32, "problem"),  # a Pi with the 32-bit OS
        ("aarch64", 32, "problem"),  # a 64-bit kernel under a 32-bit system, as Raspberry Pi OS once shipped
        ("riscv64", 64, "problem"),
    ],
)
def test_architecture(machine: str, bits: int, status: str) -> None:
    finding = checkup.architecture(machine, bits)
    assert finding.status == status
    assert bool(finding.fix) == (status != "ok")


@LINUX
@pytest.mark.parametrize(
    ("libc", "status"),
    [
        (("glibc", "2.36"), "ok"),
        (("glibc", "2.28"), "ok"),  # the oldest
        (("glibc", "2.27"), "problem"),
        (("", ""), "problem"),  # Alpine: Python reports no name for musl
    ],
)
def test_c_library(tmp_path: Path, libc: tuple[str, str], status: str) -> None:
    release = tmp_path / "os-release"
    release.write_text('NAME=x\nPRETTY_NAME="Some OS 12"\n')
    finding = checkup.operating_system(release, libc)
    assert finding.status == status
    assert "Some OS 12" in finding.found


@pytest.mark.parametrize(
    ("version", "status"),
    [((3, 10), "problem"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 15), "warning")],
)
def test_python(version: tuple[int, int], status: str) -> None:
    assert checkup.python(version).status == status


@LINUX
@pytest.mark.parametrize(
    ("code", "told", "fix"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "illegal instruction", "1.21.0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV", "force-reinstall"),
        ("raise ImportError('libGL.so.1: cannot open shared object file')", "libGL.so.1", "libgl1"),
        ("raise ImportError('libgthread-2.0.so.0: cannot open')", "libgthread", "libglib2.0-0"),
        ("raise ImportError('numpy.core.multiarray failed to import')", "multiarray", "numpy<2"),
        ("import no_such_module", "no_such_module", "pip install"),
    ],
)
def test_an_import_that_fails_is_reported_and_not_suffered(code: str, told: str, fix: str) -> None:
    finding = checkup.package("onnxruntime", [sys.executable, "-c", code])
    assert finding.status == "problem"
    assert told in finding.found
    assert fix in finding.fix


def test_a_message_that_frightens_is_explained() -> None:
    code = "import sys; print('1.31'); print('/sys/class/drm/card1/device/vendor', file=sys.stderr)"
    finding = checkup.package("onnxruntime", [sys.executable, "-c", code])
    assert finding.status == "ok"
    assert "harmless" in finding.found


@pytest.mark.parametrize(
    ("installed", "status"),
    [
        (["opencv-python"], "ok"),
        (["opencv-python-headless"], "ok"),
        ([], "ok"),  # apt's python3-opencv
        (["opencv-python", "opencv-python-headless"], "problem"),
    ],
)
def test_opencv_installed_twice(installed: list[str], status: str) -> None:
    finding = checkup.opencv_wheels(installed)
    assert finding.status == status
    if status == "problem":
        assert all(name in finding.fix for name in installed)


def test_the_packaged_model_passes_its_self_test() -> None:
    pytest.importorskip("onnxruntime")
    assert checkup.model().status == "ok"


def test_a_damaged_model_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "edgedigits.onnx"
    broken.write_bytes(b"not a model")
    monkeypatch.setattr("edgedigits.classifier.packaged_model", lambda: broken)
    (tmp_path / "manifest.json").write_text(json.dumps({"edgedigits.onnx": {"sha256": "0"}}))
    finding = checkup.model()
    assert finding.status == "problem"
    assert "reinstall edgedigits" in finding.fix


def machine_with_cameras(root: Path) -> None:
    for number in (0, 2):
        (root / "dev").mkdir(exist_ok=True)
        (root / "dev" / f"video{number}").touch()
        label = root / "class" / "video4linux" / f"video{number}"
        label.mkdir(parents=True)
        (label / "name").write_text(f"Camera {number}\n")
    (root / "proc").mkdir()


def look(root: Path) -> list[Finding]:
    return checkup_devices.camera_nodes(root / "dev", root / "class", root / "proc")


@LINUX
def test_cameras_are_listed_by_name(tmp_path: Path) -> None:
    machine_with_cameras(tmp_path)
    assert [(f.name, f.status, f.found) for f in look(tmp_path)] == [
        ("camera 0", "ok", "Camera 0"),
        ("camera 2", "ok", "Camera 2"),
    ]


@LINUX
def test_a_busy_camera_names_its_user(tmp_path: Path) -> None:
    machine_with_cameras(tmp_path)
    holder = tmp_path / "proc" / "4242"
    (holder / "fd").mkdir(parents=True)
    (holder / "fd" / "7").symlink_to(tmp_path / "dev" / "video2")
    (holder / "comm").write_text("cheese\n")
    busy = look(tmp_path)[1]
    assert busy.status == "warning"
    assert "cheese (process 4242)" in busy.found


@LINUX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may open everything")
def test_a_camera_without_permission_is_a_problem(tmp_path: Path) -> None:
    machine_with_cameras(tmp_path)
    (tmp_path / "dev" / "video0").chmod(0)
    assert look(tmp_path)[0].status == "problem"
    assert "video" in look(tmp_path)[0].fix


@LINUX
def test_no_camera_is_a_warning_since_files_work_too(tmp_path: Path) -> None:
    (only,) = look(tmp_path)
    assert only.status == "warning"
    assert "picamera2" in only.fix


def test_a_pi_is_told_how_to_get_its_camera() -> None:
    (only,) = checkup_devices.pi_camera("Raspberry Pi 5 Model B Rev 1.0")
    assert "system-site-packages" in only.fix
    assert checkup_devices.pi_camera("") == []


@pytest.mark.parametrize(("text", "status"), [("45123\n", "ok"), ("83000\n", "warning")])
def test_temperature(tmp_path: Path, text: str, status: str) -> None:
    zone = tmp_path / "sys/class/thermal/thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "temp").write_text(text)
    (only,) = checkup_devices.temperature(tmp_path)
    assert only.status == status
    assert checkup_devices.temperature(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [
        ("throttled=0x0\n", "ok", "none"),
        ("throttled=0x50005\n", "warning", "now: under-voltage, throttled"),
        ("throttled=0x80000\n", "warning", "since boot: soft temperature limit"),
        ("VCHI initialization failed\n", "warning", "VCHI"),  # in a container without /dev/vcio
    ],
)
def test_throttling(answer: str, status: str, told: str) -> None:
    (only,) = checkup_devices.throttling(answer)
    assert only.status == status
    assert told in only.found


def doctor(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edgedigits", "doctor", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def test_doctor_as_json() -> None:
    done = doctor("--json")
    result = json.loads(done.stdout)
    assert done.returncode == (0 if result["ok"] else 1)
    names = [finding["name"] for finding in result["findings"]]
    assert names[:6] == ["architecture", "system", "python", "numpy", "opencv", "onnxruntime"]
    assert all(finding["fix"] for finding in result["findings"] if finding["status"] == "problem")


@pytest.mark.skipif(os.name != "posix", reason="closes stdout as a POSIX shell does")
def test_doctor_with_a_closed_stdout_ends_as_with_an_open_one() -> None:
    """Regression: an AttributeError, because Python then has no sys.stdout."""
    line = '"$0" -m edgedigits doctor >&-'
    done = subprocess.run(["sh", "-c", line, sys.executable], capture_output=True, text=True, check=False)
    assert done.returncode == doctor().returncode
    assert done.stderr == ""


def test_doctor_outlives_a_machine_on_which_nothing_can_be_imported(tmp_path: Path) -> None:
    for module in ("numpy", "cv2", "onnxruntime"):
        (tmp_path / f"{module}.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGILL)\n")
    path = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
    done = doctor("--json", PYTHONPATH=path)
    assert done.returncode == 1, done.stderr
    broken = [f["name"] for f in json.loads(done.stdout)["findings"] if "illegal" in f["found"]]
    assert broken == ["numpy", "opencv", "onnxruntime"]
