"""Random degradations of a digit between the pen and the file, in families.

The families follow the path of the light, not anyone's list of test corruptions: the pen (stroke), the paper
(texture), the lamp (light), what gets in between (occlusion), the lens (blur), the sensor (sensor) and the
file (compression). Each function takes one float32 [28, 28] picture in 0..255 and a generator, draws its own
strength, and returns float32 [28, 28]; the caller clips.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.float32]
Degradation = Callable[[Picture, np.random.Generator], Picture]

SIDE = 28
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_PAIR_KERNELS = [np.ones(shape, np.uint8) for shape in ((2, 1), (1, 2), (2, 2))]


def _f32(picture: object) -> Picture:
    return np.asarray(picture, np.float32)


def _smooth_field(rng: np.random.Generator, cells: int) -> Picture:
    """Return a smooth random surface in 0..1: a coarse grid of uniform values, enlarged cubically."""
    coarse = rng.random((cells, cells), np.float32)
    return np.clip(cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), 0, 1)


def _half_plane(rng: np.random.Generator) -> Picture:
    """Return the signed distance in pixels from a random line through the picture."""
    angle = rng.uniform(0, 2 * np.pi)
    axis = np.arange(SIDE, dtype=np.float32) - SIDE / 2
    return _f32(np.cos(angle) * axis[None, :] + np.sin(angle) * axis[:, None] + rng.uniform(-9, 9))


def stroke(picture: Picture, rng: np.random.Generator) -> Picture:
    """Make the stroke thicker, thinner, hollow or faded."""
    kind = rng.integers(5)
    if kind == 0:
        return _f32(cv2.dilate(picture, _PAIR_KERNELS[rng.integers(3)]))
    if kind == 1:
        thick = cv2.dilate(picture, _CROSS)
        return _f32(picture + rng.uniform(0.3, 1) * (thick - picture))
    if kind == 2:
        thin = cv2.erode(picture, _PAIR_KERNELS[rng.integers(3)])
        # Never erase the digit: a thin 1, eroded, would be a blank picture with a label.
        return _f32(picture + rng.uniform(0.3, 0.85) * (thin - picture))
    if kind == 3:
        outline = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, _CROSS)
        return _f32(picture + rng.uniform(0.5, 1) * (outline - picture))
    return _f32(255 * (picture / 255) ** np.exp(rng.uniform(-1, 1)))


def texture(picture: Picture, rng: np.random.Generator) -> Picture:
    """Blend in the response of a random filter: shapes stay, textures change.

    Random convolutions (Xu et al., "Robust and Generalizable Visual Representation Learning via
    Random Convolutions", ICLR 2021), rescaled to 0..255.
    """
    size = int(rng.choice((1, 3, 3, 5)))
    kernel = rng.standard_normal((size, size)).astype(np.float32)
    filtered = cv2.filter2D(picture, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT)
    low, high = float(filtered.min()), float(filtered.max())
    filtered = (filtered - low) * (255 / max(high - low, 1e-3))
    share = rng.uniform(0.2, 1)
    return _f32(share * filtered + (1 - share) * picture)


def light(picture: Picture, rng: np.random.Generator) -> Picture:
    """Lower contrast, brighter ground, a gradient, clouds, a shadow, or inversion of a part or all."""
    kind = rng.integers(6)
    if kind == 0:
        factor = rng.uniform(0.25, 0.9)
        return _f32(picture * factor + rng.uniform(0, 1 - factor) * 255)
    if kind == 1:
        ramp = np.clip(0.5 + _half_plane(rng) / rng.uniform(20, 60), 0, 1)
        return _f32(picture * (1 - rng.uniform(0.2, 0.7) * ramp) + rng.uniform(0, 140) * ramp)
    if kind == 2:
        cloud = _smooth_field(rng, int(rng.integers(2, 9)))
        amount = rng.uniform(0.2, 0.75)
        return _f32(picture * (1 - amount) + amount * 255 * cloud)
    if kind == 3:
        inside = _half_plane(rng) > 0
        if rng.random() < 0.5:
            inside &= _half_plane(rng) > 0
        return _f32(np.where(inside, 255 - picture, picture))
    if kind == 4:
        return _f32(255 - picture)
    shadow = 1 / (1 + np.exp(np.clip(-_half_plane(rng) / rng.uniform(0.2, 3), -30, 30)))
    return _f32(picture * (1 - rng.uniform(0.3, 0.75) * shadow))


def occlusion(picture: Picture, rng: np.random.Generator) -> Picture:
    """Draw lines, blots or patches over the digit, bright or dark, or interrupt its strokes."""
    out = picture.copy()
    kind = rng.integers(4)
    ink = float(rng.choice((0.0, rng.uniform(90, 255), 255.0)))
    if kind == 0:
        for _ in range(rng.integers(1, 4)):
            points = np.rint(rng.uniform(-4, 32, (int(rng.integers(2, 5)), 2)) * 16).astype(np.int32)
            cv2.polylines(out, [points], False, ink, int(rng.integers(1, 3)), cv2.LINE_AA, 4)
    elif kind == 1:
        x, y = rng.integers(0, SIDE - 4, 2)
        w, h = rng.integers(3, 10, 2)
        out[y : y + h, x : x + w] = ink
    elif kind == 2:
        for _ in range(rng.integers(2, 14)):
            x, y = rng.uniform(0, SIDE, 2)
            cv2.circle(
                out, (int(16 * x), int(16 * y)), int(16 * rng.uniform(0.3, 1.8)), ink, -1, cv2.LINE_AA, 4
            )
    else:
        holes = _smooth_field(rng, int(rng.integers(6, 15))) < rng.uniform(0.1, 0.35)
        out[holes] *= rng.uniform(0, 0.5)
    return out


def blur(picture: Picture, rng: np.random.Generator) -> Picture:
    """Defocus, motion blur, too few pixels, or random displacement of pixels."""
    kind = rng.integers(5)
    if kind == 0:
        return _f32(cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 2.2)))
    if kind == 1:
        length, angle = rng.uniform(2, 8), rng.uniform(0, np.pi)
        reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        kernel = np.zeros((9, 9), np.float32)
        ends = [tuple(int(16 * v) for v in 4 + sign * reach) for sign in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_8, shift=4)
        return _f32(cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_CONSTANT))
    if kind == 2:
        side = int(rng.integers(9, 21))
        small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
        way = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
        return _f32(cv2.resize(small, (SIDE, SIDE), interpolation=way))
    if kind == 3:
        axis = np.arange(SIDE, dtype=np.float32)
        jitter = rng.uniform(-1, 1, (2, SIDE, SIDE)).astype(np.float32) * np.float32(rng.uniform(0.4, 1.8))
        return _f32(
            cv2.remap(picture, axis[None, :] + jitter[0], axis[:, None] + jitter[1], cv2.INTER_LINEAR)
        )
    return _f32(cv2.blur(picture, (int(rng.integers(2, 5)), int(rng.integers(2, 5)))))


def sensor(picture: Picture, rng: np.random.Generator) -> Picture:
    """Read noise, shot noise, dead pixels, gain noise, or noise that neighbouring pixels share."""
    kind = rng.integers(7) - 1
    shape = picture.shape
    if kind <= 1:
        sigma = 255 * rng.uniform(0.05, 0.6)
        return _f32(picture + sigma * rng.standard_normal(shape, np.float32))
    if kind == 2:
        chance = rng.random(shape, np.float32)
        share = rng.uniform(0.02, 0.3)
        return _f32(np.where(chance < share / 2, 0, np.where(chance > 1 - share / 2, 255, picture)))
    if kind == 3:
        photons = np.exp(rng.uniform(np.log(3), np.log(60)))
        ground = rng.uniform(0, 40)
        return _f32(rng.poisson((picture + ground) / 255 * photons) * (255 / photons))
    if kind == 4:
        return _f32(picture * (1 + rng.uniform(0.1, 0.8) * rng.standard_normal(shape, np.float32)))
    side = int(rng.integers(8, 21))
    coarse = rng.standard_normal((side, side), np.float32)
    return _f32(picture + 255 * rng.uniform(0.05, 0.35) * cv2.resize(coarse, (SIDE, SIDE)))


def compression(picture: Picture, rng: np.random.Generator) -> Picture:
    """JPEG at low quality, or few grey levels."""
    if rng.random() < 0.6:
        whole = np.clip(picture, 0, 255).astype(np.uint8)
        quality = int(rng.integers(4, 50))
        _, data = cv2.imencode(".jpg", whole, [cv2.IMWRITE_JPEG_QUALITY, quality])
        return _f32(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))
    levels = int(rng.integers(2, 6)) - 1
    offset = rng.uniform(-0.35, 0.35)
    return _f32(np.round(picture / 255 * levels + offset) * (255 / levels))


FAMILIES: dict[str, Degradation] = {
    "stroke": stroke,
    "texture": texture,
    "light": light,
    "occlusion": occlusion,
    "blur": blur,
    "sensor": sensor,
    "compression": compression,
}
