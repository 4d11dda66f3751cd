"""A sheet to draw a document on, measured in millimetres: guilloche, photograph, fields, MRZ."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from specimens.fonts import dejavu, ocr_b

if TYPE_CHECKING:
    from collections.abc import Sequence

Color: TypeAlias = tuple[int, int, int]
Mm: TypeAlias = tuple[float, float]

MRZ_PITCH_MM = 2.54  # ICAO 9303 part 3: ten characters to the inch

PAPER: Color = (246, 244, 236)
INK: Color = (30, 34, 50)
LABEL: Color = (96, 102, 126)
ACCENT: Color = (38, 70, 128)
WARNING: Color = (186, 40, 52)

WASH = 0.16  # share of its tint in the paper's colour
OVERSAMPLING = 2  # fine lines are drawn twice as large and then shrunk, which smooths them
LABEL_MM, VALUE_MM = 1.3, 2.15


class DocumentPage:
    """One side of a document; every place and size is in millimetres from the upper left corner."""

    def __init__(self, size: Mm, px_per_mm: int) -> None:
        self._size, self._scale = size, px_per_mm
        self._image = Image.new("RGB", (self._px(size[0]), self._px(size[1])), PAPER)

    @property
    def image(self) -> Image.Image:
        """What has been drawn."""
        return self._image

    def guilloche(self, tints: Sequence[Color], *, strength: int = 135) -> None:
        """Tint the side from the first to the last and cover it with a family of fine waves for each tint."""
        self._wash(tints[0], tints[-1])
        width, height = (side * OVERSAMPLING for side in self._image.size)
        layer = Image.new("RGBA", (width, height))
        draw = ImageDraw.Draw(layer)
        x = np.linspace(0, 1, 400)
        for family, tint in enumerate(tints):
            waves, swing = 2 + family, 0.05 + 0.02 * family
            for y in np.linspace(-0.1, 1.1, 44 + 6 * family):
                phase = 2 * np.pi * (y * (1.5 + 0.5 * family) + family / 3)
                curve = y + swing * np.sin(2 * np.pi * waves * x + phase) * np.cos(np.pi * (x - 0.3 * family))
                points = [(px * width, py * height) for px, py in zip(x, curve, strict=True)]
                draw.line(points, fill=(*tint, strength), width=OVERSAMPLING)
        self._lay(layer.resize(self._image.size, Image.Resampling.LANCZOS), (0, 0))

    def _wash(self, left: Color, right: Color) -> None:
        """Colour the paper, softly, from one side to the other."""
        across = np.linspace(0, 1, self._image.width)[None, :, None]
        tint = (1 - across) * np.array(left) + across * np.array(right)
        paper = np.asarray(self._image) * (1 - WASH) + tint * WASH
        self._image = Image.fromarray(paper.astype(np.uint8))

    def rosette(self, center: Mm, radius: float, tint: Color, *, petals: int = 12) -> None:
        """Draw the round ornament of turned curves that engraved documents have."""
        side = self._px(2 * radius) * OVERSAMPLING
        layer = Image.new("RGBA", (side, side))
        draw = ImageDraw.Draw(layer)
        turn = np.linspace(0, 2 * np.pi, 720)
        for ring in np.linspace(0.3, 0.95, 16):
            reach = side / 2 * ring * (0.86 + 0.14 * np.cos(petals * turn + 9 * ring))
            points = [
                (side / 2 + r * np.cos(angle), side / 2 + r * np.sin(angle))
                for r, angle in zip(reach, turn, strict=True)
            ]
            draw.line(points, fill=(*tint, 150), width=OVERSAMPLING)
        small = layer.resize((side // OVERSAMPLING, side // OVERSAMPLING), Image.Resampling.LANCZOS)
        self._lay(small, (center[0] - radius, center[1] - radius))

    def panel(self, corner: Mm, size: Mm, color: Color, *, opacity: int = 255) -> None:
        """Fill a rectangle."""
        self._lay(Image.new("RGBA", (self._px(size[0]), self._px(size[1])), (*color, opacity)), corner)

    def photograph(self, picture: Image.Image, corner: Mm, size: Mm) -> None:
        """Print a photograph, its edge blended into the background as on a polycarbonate page."""
        pixels = (self._px(size[0]), self._px(size[1]))
        photo = picture.resize(pixels, Image.Resampling.LANCZOS).convert("RGBA")
        edge = self._px(0.6)
        mask = Image.new("L", pixels)
        mask.paste(250, (edge, edge, pixels[0] - edge, pixels[1] - edge))
        photo.putalpha(mask.filter(ImageFilter.GaussianBlur(edge / 2)))
        self._lay(photo, corner)

    def text(self, corner: Mm, text: str, height: float, color: Color = INK, *, face: str = "Sans") -> float:
        """Write text and give the width it takes."""
        font = dejavu(face, self._px(height * 1.35))
        at = (self._px(corner[0]), self._px(corner[1]))
        ImageDraw.Draw(self._image).text(at, text, fill=color, font=font)
        return float(font.getlength(text)) / self._scale

    def field(self, corner: Mm, label: str, value: str, *, value_mm: float = VALUE_MM) -> None:
        """Write a value under its label."""
        self.text(corner, label, LABEL_MM, LABEL)
        self.text((corner[0], corner[1] + 2.1), value, value_mm, INK, face="Sans-Bold")

    def signature(self, corner: Mm, size: Mm) -> None:
        """Sign for nobody: a scrawl that spells no name."""
        t = np.linspace(0, 1, 300)
        x = t + 0.035 * np.sin(2 * np.pi * 9 * t)
        y = 0.5 + 0.34 * np.sin(2 * np.pi * 9 * t + 1.2) * np.exp(-2.2 * t) + 0.12 * np.sin(2 * np.pi * 2 * t)
        points = [
            (self._px(corner[0] + px * size[0]), self._px(corner[1] + py * size[1]))
            for px, py in zip(x, y, strict=True)
        ]
        ImageDraw.Draw(self._image).line(points, fill=ACCENT, width=max(2, self._px(0.25)), joint="curve")

    def specimen(self, center: Mm, height: float, *, angle: float) -> None:
        """Print SPECIMEN across, in outlines, so that what is under it can be read."""
        font = dejavu("Sans-Bold", self._px(height * 1.35))
        width = int(font.getlength("SPECIMEN")) + self._px(2)
        layer = Image.new("RGBA", (width, self._px(height * 2)))
        ImageDraw.Draw(layer).text(
            (self._px(1), self._px(height * 0.2)),
            "SPECIMEN",
            fill=(*WARNING, 26),
            font=font,
            stroke_width=max(1, self._px(0.18)),
            stroke_fill=(*WARNING, 120),
        )
        turned = layer.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        corner = (center[0] - turned.width / self._scale / 2, center[1] - turned.height / self._scale / 2)
        self._lay(turned, corner)

    def mrz(self, lines: Sequence[str], middles_from_below: Sequence[float]) -> None:
        """Print MRZ lines in OCR-B, each character in the middle of its cell, the whole centred."""
        font = ocr_b(MRZ_PITCH_MM * self._scale)
        draw = ImageDraw.Draw(self._image)
        for line, from_below in zip(lines, middles_from_below, strict=True):
            left = (self._size[0] - MRZ_PITCH_MM * len(line)) / 2
            y = (self._size[1] - from_below) * self._scale
            for column, character in enumerate(line):
                x = (left + MRZ_PITCH_MM * (column + 0.5)) * self._scale
                draw.text((x, y), character, fill=(20, 20, 24), font=font, anchor="mm")

    def _lay(self, layer: Image.Image, corner: Mm) -> None:
        self._image.paste(layer, (self._px(corner[0]), self._px(corner[1])), layer)

    def _px(self, mm: float) -> int:
        return round(mm * self._scale)
