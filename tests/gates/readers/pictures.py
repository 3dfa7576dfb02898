"""Pictures for the readers' tests, drawn here: no photograph of anybody's car is kept."""

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROAD = (92, 95, 98)
INK = (18, 18, 20)


def plate(*lines, letters=40):
    """A white plate with a frame, as RGB picture; `letters` is their height in pixels."""
    font = ImageFont.load_default(size=letters)
    width = round(max(font.getlength(line) for line in lines) + 0.6 * letters)
    height = round(letters * (1.15 * len(lines) + 0.3))
    sheet = Image.new("RGB", (width, height), (236, 236, 230))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle([1, 1, width - 2, height - 2], outline=INK, width=2)
    for number, line in enumerate(lines):
        middle = letters * (0.15 + 1.15 * (number + 0.5))
        pen.text((width / 2, middle), line, font=font, fill=INK, anchor="mm")
    return sheet


def street(*signs, size=(1280, 720)):
    """A grey picture (BGR) with signs: (RGB picture, (x, y) of its middle, degrees turned)."""
    scene = Image.new("RGB", size, ROAD)
    for sign, (x, y), turned in signs:
        leaf = sign.convert("RGBA").rotate(turned, expand=True, resample=Image.Resampling.BICUBIC)
        scene.paste(leaf, (x - leaf.width // 2, y - leaf.height // 2), leaf)
    return np.asarray(scene)[:, :, ::-1].copy()


def words(text, letters, colour=(240, 240, 240)):
    """Bare letters on the street's grey."""
    font = ImageFont.load_default(size=letters)
    sheet = Image.new("RGB", (round(font.getlength(text)) + 8, round(1.4 * letters)), ROAD)
    ImageDraw.Draw(sheet).text((4, 0), text, font=font, fill=colour)
    return sheet


def placed(picture, width, turned, size=(1280, 720)):
    """A BGR picture scaled to `width` and turned, in the middle of a dark scene."""
    height = round(picture.shape[0] * width / picture.shape[1])
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), turned, 1)
    turn[:, 2] += (size[0] / 2 - width / 2, size[1] * 0.6 - height / 2)
    scene = np.full((size[1], size[0], 3), 70, np.uint8)
    return cv2.warpAffine(small, turn, size, dst=scene, borderMode=cv2.BORDER_TRANSPARENT)
