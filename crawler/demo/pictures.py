"""The newspaper's pictures: small drawings, the same bytes for the same path."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageDraw

PATH = re.compile(r"/media/(?P<motif>[a-z]+)-(?P<name>\w+)-(?P<width>320|640|960)\.(?P<suffix>jpg|png)")
TYPES = {"jpg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png")}
CANVAS = (960, 540)
Colour = tuple[int, int, int]
Draw = ImageDraw.ImageDraw


@lru_cache(maxsize=512)
def picture(path: str) -> tuple[bytes, str] | None:
    """The file at ``/media/MOTIF-NAME-WIDTH.jpg`` and its content type; None where no picture is."""
    match = PATH.fullmatch(path)
    if match is None or match["motif"] not in MOTIFS:
        return None
    width = int(match["width"])
    image = _drawing(match["motif"], match["name"]).resize((width, width * 9 // 16))
    format_, content_type = TYPES[match["suffix"]]
    file = io.BytesIO()
    image.save(file, format_, quality=78) if format_ == "JPEG" else image.save(file, format_, optimize=True)
    return file.getvalue(), content_type


@lru_cache(maxsize=64)
def _drawing(motif: str, name: str) -> Image.Image:
    dice = random.Random(f"{motif}-{name}")  # noqa: S311 - a drawing, no secret
    sky, ground = dice.choice(SKIES)
    image = _gradient(sky, ground)
    MOTIFS[motif](ImageDraw.Draw(image), dice)
    return image


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    """The canvas, from one colour above to another below."""
    column = Image.new("RGB", (1, CANVAS[1]))
    for y in range(CANVAS[1]):
        share = y / CANVAS[1]
        column.putpixel((0, y), _mix(top, bottom, share))
    return column.resize(CANVAS)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _hills(draw: Draw, dice: random.Random) -> None:
    _sun(draw, dice)
    for layer, colour in enumerate(((96, 132, 120), (66, 104, 92), (40, 74, 66))):
        _ridge(draw, dice, 300 + 80 * layer, 90 - 15 * layer, colour)


def _ridge(draw: Draw, dice: random.Random, height: int, roughness: int, colour: Colour) -> None:
    """A line of hills, filled to the bottom."""
    points = [(x, height + dice.randint(-roughness, roughness)) for x in range(-60, 1081, 120)]
    draw.polygon([(-60, 540), *points, (1080, 540)], fill=colour)


def _sun(draw: Draw, dice: random.Random) -> None:
    x, y, r = dice.randint(120, 840), dice.randint(80, 200), dice.randint(28, 52)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 236, 190))


def _harbour(draw: Draw, dice: random.Random) -> None:
    _sun(draw, dice)
    _ridge(draw, dice, 290, 40, (84, 104, 126))
    draw.rectangle((0, 330, 960, 540), fill=(52, 94, 122))
    for y in range(350, 540, 22):
        x = dice.randint(-60, 60)
        draw.line([(x + step * 160, y + (step % 2) * 4) for step in range(8)], fill=(92, 138, 160), width=3)
    for _ in range(3):
        _boat(draw, dice.randint(60, 780), dice.randint(340, 440))


def _boat(draw: Draw, x: int, y: int) -> None:
    draw.polygon([(x, y), (x + 130, y), (x + 105, y + 34), (x + 22, y + 34)], fill=(150, 52, 44))
    draw.rectangle((x + 40, y - 26, x + 84, y), fill=(240, 238, 230))
    draw.line((x + 62, y - 96, x + 62, y - 26), fill=(60, 50, 44), width=4)


def _city(draw: Draw, dice: random.Random) -> None:
    x = -10
    while x < 960:
        width, top = dice.randint(50, 110), dice.randint(170, 380)
        draw.rectangle(
            (x, top, x + width, 540), fill=dice.choice(((70, 78, 96), (88, 96, 114), (58, 64, 80)))
        )
        _windows(draw, dice, x, top, width)
        x += width + dice.randint(0, 10)


def _windows(draw: Draw, dice: random.Random, left: int, top: int, width: int) -> None:
    for y in range(top + 16, 520, 30):
        for x in range(left + 10, left + width - 16, 22):
            if dice.random() < 0.6:
                draw.rectangle((x, y, x + 9, y + 14), fill=(246, 220, 150))


def _field(draw: Draw, dice: random.Random) -> None:
    _sun(draw, dice)
    _ridge(draw, dice, 260, 24, (92, 120, 84))
    draw.rectangle((0, 300, 960, 540), fill=(196, 168, 84))
    for x in range(-1200, 2200, 90):
        draw.line((480, 296, x, 540), fill=(150, 124, 56), width=5)


def _chart(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 0, 960, 540), fill=(250, 250, 247))
    for y in range(90, 480, 65):
        draw.line((80, y, 900, y), fill=(222, 222, 216), width=2)
    for x in range(110, 880, 100):
        draw.rectangle((x, dice.randint(130, 420), x + 58, 478), fill=(178, 202, 214))
    points = [(x + 29, dice.randint(110, 400)) for x in range(110, 880, 100)]
    draw.line(points, fill=(176, 58, 46), width=6, joint="curve")
    draw.line((80, 480, 900, 480), fill=(70, 70, 70), width=4)


def _map(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 0, 960, 540), fill=(190, 214, 226))
    for _ in range(4):
        x, y = dice.randint(150, 800), dice.randint(120, 420)
        draw.regular_polygon((x, y, dice.randint(90, 190)), dice.randint(6, 9), fill=(214, 218, 188))
    for _ in range(5):
        x, y = dice.randint(100, 860), dice.randint(80, 460)
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), fill=(176, 58, 46))


def _laboratory(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 400, 960, 540), fill=(120, 108, 96))
    for x in range(90, 880, 130):
        top, colour = dice.randint(180, 300), dice.choice(((92, 160, 150), (200, 130, 84), (120, 120, 180)))
        draw.rectangle((x, top, x + 60, 400), fill=(232, 238, 240))
        draw.rectangle((x + 6, dice.randint(top + 30, 370), x + 54, 396), fill=colour)


def _pitch(draw: Draw, dice: random.Random) -> None:
    for index, x in enumerate(range(0, 960, 120)):
        draw.rectangle((x, 190, x + 120, 540), fill=(72, 132, 66) if index % 2 else (82, 146, 76))
    draw.ellipse((380, 280, 580, 450), outline=(240, 244, 236), width=5)
    draw.line((480, 190, 480, 540), fill=(240, 244, 236), width=5)
    for index in range(12):
        x, y = dice.randint(60, 880), dice.randint(230, 480)
        draw.ellipse((x, y, x + 20, y + 20), fill=(238, 226, 204))
        draw.rectangle((x - 4, y + 20, x + 24, y + 62), fill=(178, 48, 48) if index % 2 else (40, 70, 140))


def _people(draw: Draw, dice: random.Random) -> None:
    draw.rectangle((0, 430, 960, 540), fill=(110, 84, 66))
    for x in range(60, 880, 120):
        height = dice.randint(180, 260)
        draw.rounded_rectangle((x, height + 70, x + 96, 470), 36, fill=dice.choice(COATS))
        draw.ellipse((x + 16, height, x + 80, height + 70), fill=dice.choice(FACES))


SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((116, 164, 206), (232, 224, 206)),
    ((72, 104, 156), (240, 190, 140)),
    ((150, 176, 190), (226, 230, 226)),
    ((52, 66, 110), (214, 150, 120)),
)
COATS: tuple[Colour, ...] = ((58, 78, 108), (126, 62, 58), (88, 106, 78), (146, 122, 82))
FACES: tuple[Colour, ...] = ((226, 190, 160), (176, 128, 96), (122, 86, 66), (240, 208, 178))
MOTIFS: dict[str, Callable[[Draw, random.Random], None]] = {
    "hills": _hills,
    "harbour": _harbour,
    "city": _city,
    "field": _field,
    "chart": _chart,
    "map": _map,
    "laboratory": _laboratory,
    "pitch": _pitch,
    "people": _people,
}
