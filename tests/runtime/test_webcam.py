"""`edgedigits webcam` as users start it: in a separate process, on clips drawn here."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import pytest
from senders import page

from edgedigits.cli import main
from edgedigits.commands.webcam import add_arguments

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as POSIX has them")
FPS = 10


def clip(path: Path, texts: list[tuple[str, int]]) -> Path:
    """Write a clip at 10 frames/s in which each text stays for the given number of frames."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (320, 240))
    for number, (text, frames) in enumerate(texts):
        for frame in range(frames):
            writer.write(page(text, 1000 * number + frame))
    writer.release()
    return path


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    inherited = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    return subprocess.Popen(
        [sys.executable, "-m", "edgedigits", "webcam", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**inherited, **environment},
    )  # fmt: skip


def test_a_file_from_end_to_end_without_a_display(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.avi", [("", 4), ("10", 10), ("", 10), ("011", 10)])
    process = start("--source", str(path), "--json")
    out, err = process.communicate(timeout=60)
    changes = [json.loads(line) for line in out.splitlines()]
    assert [change["text"] for change in changes] == ["10", "", "011"]
    assert process.returncode == 0
    assert changes[0]["frame"] == 4 + 3
    assert changes[0]["time"] == pytest.approx(0.7)
    assert [digit["label"] for digit in changes[0]["digits"]] == [1, 0]
    assert err.count("no window") <= 1
    assert "34 frames read" in err


def test_json_is_ascii(tmp_path: Path) -> None:
    """Regression: a name that stdout's encoding lacks, as a pipe's on Windows may, ended with a traceback."""
    path = clip(tmp_path / "clip.avi", [("10", 10)]).rename(tmp_path / "数😀.avi")
    out, err = start("--source", str(path), "--json", PYTHONIOENCODING="ascii").communicate(timeout=60)
    assert json.loads(out)["source"] == str(path), err


def test_a_clip_without_digits_exits_1(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = clip(tmp_path / "clip.avi", [("", 5)])
    assert main(["webcam", "--headless", "--source", str(path)]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert "no digit was found" in err


def test_a_clip_that_was_cut_off_exits_1(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Regression: the message said that the clip had ended early, but the exit code was that of success."""
    whole = clip(tmp_path / "whole.avi", [("10", 40)])
    path = tmp_path / "cut.avi"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert main(["webcam", "--headless", "--source", str(whole)]) == 0
    assert main(["webcam", "--headless", "--source", str(path)]) == 1
    out, err = capfd.readouterr()
    assert out.count("10") == 2, "what could be read is announced"
    assert err.count("ended early") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--source", "no such.avi"], 1, "there is no video"),
        (["--label", "4"], 2, "--collect"),
        (["--collect", "x", "--headless"], 2, "--label"),  # keys need a window
        (["--fourcc", "MJPEG"], 2, "four letters"),
        (["--fourcc", "MJP\udcff"], 2, "four letters"),  # OpenCV ended the process with a segmentation fault
        (["--backend", "quicktime"], 2, "v4l2"),
        (["--source", "a page.jpg"], 2, "edgedigits predict 'a page.jpg'"),  # as a video it had no digit
        (["--source", "no such.jpg"], 1, "there is no video"),
        (["--source", "a" * 300 + ".jpg"], 1, "cannot be read as a video"),  # was the system's message only
    ],
)
def test_what_cannot_work_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    cv2.imwrite("a page.jpg", page("10", 0))
    assert main(["webcam", "--headless", *arguments]) == code
    assert told in capfd.readouterr().err


def test_a_variable_is_refused_like_its_flag(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """`predict` accepts "auto", `webcam` does not, and argparse does not check defaults."""
    monkeypatch.setenv("EDGEDIGITS_ROTATE", "auto")
    with pytest.raises(SystemExit) as caught:
        main(["webcam", "--headless", "--source", "no such.avi"])
    assert caught.value.code == 2
    assert "EDGEDIGITS_ROTATE=auto is not one of 0, 90, 180, 270\n" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--roi", "1,2,3"],
        ["--roi", "0,0,0,10"],
        ["--roi", "0,0,10,0"],
        ["--roi", "1,2,3,b"],
        ["--size", "x480"],
        ["--size", "640xhigh"],
        ["--size", "640"],
        ["--size", "0x0"],  # regression: this and the next three were passed on to the camera
        ["--size", "640x0"],
        ["--fps", "-3"],
        ["--fps", "nan"],
        ["--fps", "0"],
        ["--fps", "inf"],
        ["--fps", "fast"],
        ["--stable", "-1"],
        ["--stable", "nan"],
        ["--forget", "abc"],  # regression: reported as an invalid _span value
        ["--label", "11"],
    ],
)
def test_a_malformed_flag_is_a_usage_error(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["webcam", *arguments])
    assert caught.value.code == 2
    # The message also says what was expected.
    likely = {"--size": "640x480", "--fps": "like 30", "--stable": "seconds", "--forget": "seconds"}
    assert likely.get(arguments[0], "") in capfd.readouterr().err


@pytest.mark.parametrize(
    ("flag", "text", "value"),
    [
        ("--roi", "100,50,200,240", (100, 50, 200, 240)),
        ("--roi", "0, 0, 1, 1", (0, 0, 1, 1)),
        ("--size", "640x480", (640, 480)),
        ("--size", "1280X720", (1280, 720)),
        ("--fps", "29.97", 29.97),
        ("--stable", "0", 0),  # at once
        ("--forget", "0.5", 0.5),
    ],
)
def test_a_flag_as_it_is_meant(flag: str, text: str, value: object) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert vars(parser.parse_args([flag, text]))[flag.removeprefix("--")] == value


def test_picamera2_that_is_not_installed_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Regression: it was waited for as long as --patience says, as if waiting could install a package."""
    monkeypatch.setitem(sys.modules, "picamera2", None)  # any import of it raises ImportError
    arguments = ["--source", "picamera2", "--headless", "--patience", "2"]
    assert main(["webcam", *arguments]) == 1
    err = capfd.readouterr().err
    assert "picamera2 is not installed in this environment" in err
    assert "--system-site-packages" in err
    assert "waiting for" not in err


@POSIX
def test_a_closed_stdout_is_no_error(tmp_path: Path) -> None:
    """Regression: an AttributeError, because Python then has no sys.stdout."""
    path = clip(tmp_path / "clip.avi", [("1", 12)])
    line = '"$0" -m edgedigits webcam --headless --source "$1" >&-'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "12 frames read" in done.stderr
    assert "Traceback" not in done.stderr


def test_collecting_under_one_label_keeps_what_was_shown(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.avi", [("1", 12), ("0", 12)])
    folder = tmp_path / "mine"
    code = main(["webcam", "--headless", "--source", str(path), "--collect", str(folder), "--label", "7"])
    assert code == 0
    saved = list((folder / "7").glob("*.png"))
    assert 4 <= len(saved) <= 14, "some of each, not every frame"
    assert all(cv2.imread(str(png), cv2.IMREAD_UNCHANGED).shape == (28, 28) for png in saved)


@POSIX
def test_ctrl_c_ends_it_without_a_traceback(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.avi", [("1", 600)])
    process = start("--source", str(path), "--realtime")
    assert process.stdout is not None
    assert "1" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "Traceback" not in err


@POSIX
def test_ctrl_c_does_not_wait_for_a_sender_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        process = start("--source", f"http://127.0.0.1:{silent.getsockname()[1]}/stream")
        connection = silent.accept()[0]
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=30)[1]
        connection.close()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "waiting for" not in err, "it was still opening: the driver had not come back"


@POSIX
def test_ctrl_c_while_a_library_is_imported(tmp_path: Path) -> None:
    """Some extensions turn it into an ImportError that blames the installation, as this stand-in does."""
    lines = ["import os, signal", "try:", "    os.kill(os.getpid(), signal.SIGINT)", "    input()"]
    lines += ["except KeyboardInterrupt:", "    raise ImportError('initialization failed')"]
    (tmp_path / "cv2.py").write_text("\n".join(lines))
    process = start("--source", "0", PYTHONPATH=str(tmp_path))
    err = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert err == ""


@POSIX
def test_a_consumer_that_goes_away_ends_it_quietly_even_when_nothing_changes(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.avi", [("1", 600)])
    process = start("--source", str(path), "--realtime", "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=30) == 0
    assert process.stderr is not None
    err = process.stderr.read()
    process.stderr.close()
    assert "Traceback" not in err
    assert "Broken" not in err


class _Mjpeg(BaseHTTPRequestHandler):
    """Motion JPEG, as an IP camera or mjpg-streamer sends it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        try:
            for seed in range(10**6):
                jpeg = cv2.imencode(".jpg", page("10", seed))[1].tobytes()
                head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")
                time.sleep(0.03)
                if getattr(self.server, "pulled", False):
                    return
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        pass


def serve(port: int = 0) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", port), _Mjpeg)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def pull(server: ThreadingHTTPServer) -> None:
    server.pulled = True  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def test_a_stream_that_goes_and_comes_back() -> None:
    server = serve()
    port = server.server_address[1]
    process = start("--source", f"http://127.0.0.1:{port}/stream", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert json.loads(process.stdout.readline())["text"] == "10"
        pull(server)
        said = iter(process.stderr.readline, "")
        assert next(line for line in said if "is lost" in line)
        server = serve(port)
        assert next(line for line in said if "is back" in line)
    finally:
        process.terminate()
        process.communicate(timeout=30)
        pull(server)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg to send a stream")
def test_a_tcp_stream(tmp_path: Path) -> None:
    path = clip(tmp_path / "clip.avi", [("10", 80)])
    with ThreadingHTTPServer(("127.0.0.1", 0), _Mjpeg) as probe:
        address = f"tcp://127.0.0.1:{probe.server_address[1]}"
    sender = subprocess.Popen(
        ["ffmpeg", "-loglevel", "quiet", "-re", "-i", path, "-c:v", "mpeg4", "-g", "10", "-f", "mpegts",
         f"{address}?listen=1"],
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    process = start("--source", address)
    try:
        assert process.stdout is not None
        assert "10" in process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=30)
        sender.kill()
        sender.wait()


@pytest.fixture
def screen() -> Iterator[str]:
    """A display for this test alone."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool} to open a window and press its keys")
    from edgedigits import display

    if display.gui(cv2.getBuildInformation()) == "NONE":
        pytest.skip("this OpenCV is built without window support")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def xdotool(screen: str, *arguments: str, check: bool = True) -> str:
    environment = {**os.environ, "DISPLAY": screen}
    command = ["xdotool", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=check).stdout


def eventually(condition: object) -> None:
    deadline = time.monotonic() + 30
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_window_takes_keys_and_the_mouse(tmp_path: Path, screen: str) -> None:
    path = clip(tmp_path / "clip.avi", [("10", 600)])
    shots, mine = tmp_path / "shots", tmp_path / "mine"
    process = start(
        "--source", str(path), "--snapshots", str(shots), "--collect", str(mine), DISPLAY=screen
    )  # fmt: skip
    assert process.stdout is not None
    assert "10" in process.stdout.readline()
    window = xdotool(screen, "search", "--sync", "--name", "edgedigits").split()[-1]
    # The right half of the picture, which is twice as large as the clip and below the text bar: only the 0.
    xdotool(screen, "mousemove", "--window", window, "180", "150", "mousedown", "1")
    xdotool(screen, "mousemove", "--window", window, "400", "420", "mouseup", "1")
    # The digits of another region are announced anew, so for a moment there are none.
    assert [process.stdout.readline().split()[-1] for _ in range(2)] == ["-", "0"]
    xdotool(screen, "key", "--window", window, "space")
    xdotool(screen, "key", "--window", window, "s")
    eventually(lambda: list(shots.glob("*/reading.json")))
    xdotool(screen, "key", "--window", window, "6")
    eventually(lambda: list(mine.glob("6/*.png")))
    result = json.loads(next(shots.glob("*/reading.json")).read_text())
    assert result["text"] == "0"
    xdotool(screen, "key", "--window", window, "q", check=False)  # the window may be gone by then
    err = process.communicate(timeout=30)[1]
    assert process.returncode == 0, err
    assert "QFontDatabase" not in err
