"""The Raspberry Pi's camera through picamera2, which is imported only when it is asked for.

Under libcamera, OpenCV opens the camera module but cannot read it (opencv#25072). picamera2 comes with the
system's Python and is built for the system's numpy, so a virtual environment must have access to the system's
packages.
"""

from __future__ import annotations

import importlib
from typing import Any

from edgedigits.errors import SourceError
from edgedigits.sources import Image, Settings


class PiCamera:
    """The camera module as a `Device`."""

    def __init__(self, settings: Settings) -> None:
        module = load()
        width, height = settings.width or 640, settings.height or 480
        try:
            self._camera = module.Picamera2()
            controls = {"FrameRate": settings.fps} if settings.fps else {}
            # libcamera's "RGB888" is B, G, R in memory, which is OpenCV's order (picamera2 manual, 4.2.2.1).
            self._camera.configure(
                self._camera.create_video_configuration(
                    main={"size": (width, height), "format": "RGB888"}, controls=controls, buffer_count=4
                )
            )
            self._camera.start()
        except (RuntimeError, IndexError) as error:  # IndexError: no camera is connected
            raise SourceError(
                "the Raspberry Pi camera does not start",
                expected="a connected camera module that no other program uses",
                received=str(error) or type(error).__name__,
                remedy="check with `rpicam-hello --list-cameras`; close other programs that use the camera",
            ) from error
        main: dict[str, Any] = self._camera.camera_configuration()["main"]
        self.granted = f"{main['size'][0]}x{main['size'][1]}, {main['format']}, picamera2"

    def read(self) -> Image | None:
        """Return the next picture, uint8 BGR [H, W, 3]."""
        image: Image = self._camera.capture_array("main")
        return image

    def release(self) -> None:
        """Stop and close the camera."""
        self._camera.stop()
        self._camera.close()


def load() -> Any:
    """Return the module picamera2; raises `SourceError` with the exact fix if it is missing or broken."""
    try:
        return importlib.import_module("picamera2")
    except ImportError as error:
        if "numpy" not in str(error):
            raise SourceError(
                "picamera2 is not installed in this environment",
                expected="Raspberry Pi OS (64-bit) with the system's picamera2",
                received=str(error),
                remedy="sudo apt install python3-picamera2, then create the environment with "
                "`python3 -m venv --system-site-packages .venv`",
            ) from error
        raise _numpy_mismatch(error) from error
    except ValueError as error:
        # "numpy.dtype size changed, may indicate binary incompatibility": simplejpeg and libcamera were built
        # for numpy 1, but pip installed numpy 2 (picamera2#1088, #1211).
        if "numpy" not in str(error):
            raise
        raise _numpy_mismatch(error) from error


def _numpy_mismatch(error: Exception) -> SourceError:
    return SourceError(
        "picamera2 and numpy are incompatible",
        expected="numpy 1 on Raspberry Pi OS Bookworm, for which its picamera2 was built",
        received=str(error).splitlines()[0],
        remedy='pip install "numpy<2" "opencv-python<4.12" in this environment',
    )
