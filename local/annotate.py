"""A verification drawn onto its pictures: which faces were compared, what was read, what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageOps

from local.fonts import dejavu

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Color = tuple[int, int, int]

HEIGHT_PX = 720  # of both pictures, side by side
GAP_PX = 24
TEXT_PX = 22
LINE_PX = 34
STROKE_PX = 4
DOT_PX = 5
ROOM = 0.4  # above and below a line of the MRZ, in heights of it

PAPER: Color = (252, 252, 250)
INK: Color = (34, 38, 48)
GOOD: Color = (22, 136, 82)
BAD: Color = (200, 44, 52)
UNSURE: Color = (198, 126, 12)
COLORS = {"approved": GOOD, "passed": GOOD, "declined": BAD, "failed": BAD}


def annotate(verification: dict[str, Any], *, front: Path, selfie: Path) -> Image.Image:
    """Draw an answer of the API onto the two pictures it is about, side by side, with the decision below."""
    document = _draw_document(verification, ImageOps.exif_transpose(Image.open(front)).convert("RGB"))
    person = _draw_selfie(verification["selfie"], ImageOps.exif_transpose(Image.open(selfie)).convert("RGB"))
    pictures = [document, person]
    width = sum(picture.width for picture in pictures) + GAP_PX * (len(pictures) + 1)
    captions = list(_captions(verification))
    sheet = Image.new("RGB", (width, HEIGHT_PX + LINE_PX * len(captions) + 3 * GAP_PX), PAPER)
    x = GAP_PX
    for picture in pictures:
        sheet.paste(picture, (x, GAP_PX))
        x += picture.width + GAP_PX
    draw = ImageDraw.Draw(sheet)
    for row, (text, color, face) in enumerate(captions):
        draw.text((GAP_PX, HEIGHT_PX + 2 * GAP_PX + row * LINE_PX), text, fill=color, font=dejavu(face, TEXT_PX))
    return sheet


def _draw_document(verification: dict[str, Any], picture: Image.Image) -> Image.Image:
    pen = _Pen(picture)
    portrait = verification["selfie"]["SourceImageFace"]
    if portrait:
        pen.face(portrait, INK, f"portrait {portrait['confidence']:.2f}")
    mrz = verification["front"]
    for line in mrz["lines"] or []:
        pen.outline(_around(line), GOOD if mrz["valid"] else BAD)
    return pen.picture


def _draw_selfie(faces: dict[str, Any], picture: Image.Image) -> Image.Image:
    pen = _Pen(picture)
    for face in faces["MatchedFaces"]:
        pen.face(face, GOOD, f"similarity {face['similarity']:.2f}")
    for face in faces["UnmatchedFaces"]:
        pen.face(face, BAD, "not the same")
    return pen.picture


def _around(line: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Widen the corners of a line of print, which are as tight as its letters, to frame and not cover them."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line
    left, right = ((ax - dx) * ROOM, (ay - dy) * ROOM), ((bx - cx) * ROOM, (by - cy) * ROOM)
    return [
        (ax + left[0], ay + left[1]),
        (bx + right[0], by + right[1]),
        (cx - right[0], cy - right[1]),
        (dx - left[0], dy - left[1]),
    ]


class _Pen:
    """Draws on a picture enlarged or shrunk to HEIGHT_PX, in the coordinates it had before."""

    def __init__(self, picture: Image.Image) -> None:
        self._scale = HEIGHT_PX / picture.height
        size = (round(picture.width * self._scale), HEIGHT_PX)
        self.picture = picture.resize(size, Image.Resampling.LANCZOS)
        self._draw = ImageDraw.Draw(self.picture)

    def face(self, face: dict[str, Any], color: Color, label: str) -> None:
        """Frame a face, mark its eyes and the tip of its chin where they are known, and label it."""
        left, top = face["topLeftX"], face["topLeftY"]
        right, bottom = left + face["width"], top + face["height"]
        self.outline(((left, top), (right, top), (right, bottom), (left, bottom)), color)
        for point in ("leftEyeCenter", "rightEyeCenter", "chinTip"):
            if face.get(f"{point}X") is not None:
                self._dot((face[f"{point}X"], face[f"{point}Y"]), color)
        self._label((left, bottom), label, color)

    def outline(self, corners: Sequence[Sequence[float]], color: Color) -> None:
        """Draw a closed outline through corners."""
        points = [self._at(corner) for corner in corners]
        self._draw.line([*points, points[0], points[1]], fill=color, width=STROKE_PX, joint="curve")

    def _dot(self, point: Sequence[float], color: Color) -> None:
        self._draw.circle(self._at(point), DOT_PX, fill=color, outline=PAPER)

    def _label(self, corner: Sequence[float], text: str, color: Color) -> None:
        box = self._draw.textbbox(self._at(corner), text, font=dejavu("Sans-Bold", TEXT_PX), anchor="lt")
        left, top, right, bottom = box
        self._draw.rectangle((left - STROKE_PX // 2, top, right + 12, bottom + 12), fill=color)
        self._draw.text((left + 5, top + 5), text, fill=PAPER, font=dejavu("Sans-Bold", TEXT_PX), anchor="lt")

    def _at(self, point: Sequence[float]) -> tuple[float, float]:
        return point[0] * self._scale, point[1] * self._scale


def _captions(verification: dict[str, Any]) -> Iterator[tuple[str, Color, str]]:
    """Give the lines below the pictures: the decision, its reasons, the MRZ, each check."""
    status = verification["status"]
    yield f"{status.upper()}   {verification['type']}   {verification['id']}", _color(status), "Sans-Bold"
    for reason in verification["reasons"]:
        yield f"{reason['code']}: {reason['message']}", INK, "Sans"
    mrz = verification["front"]
    if mrz["found"]:
        verdict = "every check digit agrees" if mrz["valid"] else f"not valid ({mrz['reason']})"
        title = (
            f"MRZ {mrz['mrz_type']}: {verdict}, score {mrz['valid_score']}, {mrz['method']}, {mrz['walltime']:.1f} s"
        )
        yield title, GOOD if mrz["valid"] else BAD, "Sans-Bold"
        for line in mrz["raw_text"].splitlines():
            yield line, INK, "SansMono"
    for check in verification["checks"]:
        score = "" if check["score"] is None else f"  {check['score']:.2f}"
        bound = "" if check["threshold"] is None else f" (at least {check['threshold']:.2f})"
        yield f"{check['name']}: {check['result']}{score}{bound}", _color(check["result"]), "Sans"


def _color(word: str) -> Color:
    return COLORS.get(word, UNSURE)
