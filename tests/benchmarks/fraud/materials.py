"""What a fraud has at hand: a holder's document and photographs, somebody else's, and an image editor."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as Pillow

from cari_face import find_faces
from cari_imaging import decode
from specimens.specimen import CARD_MM, PASSPORT_MM, render_card, render_passport
from tests.benchmarks.end_to_end.composites import PX_PER_MM, TODAY, made_up, photograph
from tests.benchmarks.face.printing import portrait_of, printed
from tools.face_calibration.calibrate_pictures import central

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator

    from cari_decision.evidence import DocumentType
    from cari_face import Face
    from cari_imaging import Image
    from specimens.specimen import Identity
    from tests.benchmarks.end_to_end.composites import Composite

PORTRAIT_MARGIN = (0.55, 1.0, 0.55, 0.6)  # left, top, right, bottom, in widths of the face's box


@dataclass(frozen=True)
class Pages:
    """A document's photographed sides as JPEG, the front first; a passport has one."""

    front: bytes
    back: bytes | None = None


@dataclass
class Materials:
    """Of one case: the holder's two photographs, strangers', and documents of either, made when asked for."""

    composite: Composite
    rng: Generator
    identity: Identity = field(init=False)

    def __post_init__(self) -> None:
        """Make the holder up."""
        self.identity = made_up(self.rng)

    @property
    def type(self) -> DocumentType:
        """The document's type, as the request declares it."""
        return self.composite.type

    @cached_property
    def photograph(self) -> Image:
        """The holder, as the document's portrait shows them."""
        return _read(self.composite.portrait)

    @cached_property
    def selfie(self) -> Image:
        """The holder, in another photograph."""
        return _read(self.composite.selfies[0])

    @cached_property
    def strangers(self) -> list[Image]:
        """Photographs of others."""
        return [_read(path) for path in self.composite.selfies[1:]]

    @cached_property
    def attacker(self) -> tuple[Image, Image]:
        """One of these in two photographs: for a document, and as a selfie. Raises ValueError where nobody has two."""
        for path in self.composite.selfies[1:]:
            if others := sorted(other for other in path.parent.glob("*.jpg") if other != path):
                return _read(path), _read(others[0])
        raise ValueError("no stranger has two photographs")

    @cached_property
    def portrait(self) -> Image:
        """The holder's photograph, printed as documents print it."""
        return printed_portrait(self.photograph, self.rng)

    @cached_property
    def document(self) -> Pages:
        """The holder's document."""
        return self.pages(self.type, self.portrait, self.identity)

    def pages(self, type_: DocumentType, portrait: Image, identity: Identity) -> Pages:
        """Photograph a document with this portrait of this person."""
        picture = Pillow.fromarray(portrait)
        if type_ == "passport":
            return Pages(self.shot(render_passport(identity, picture, TODAY), type_))
        front, back = render_card(identity, picture, TODAY)
        return Pages(self.shot(front, type_), self.shot(back, type_))

    def shot(self, page: Pillow.Image, type_: DocumentType) -> bytes:
        """Photograph a page."""
        width_mm = PASSPORT_MM[0] if type_ == "passport" else CARD_MM[0]
        return photograph(np.asarray(page.convert("RGB")), width_mm, self.rng.uniform(*PX_PER_MM[type_]), self.rng)

    def somebody(self) -> Identity:
        """Make somebody else up."""
        return made_up(self.rng)


def printed_portrait(photograph_: Image, rng: Generator) -> Image:
    """Print the face in the middle of a photograph as a document's portrait."""
    return printed(portrait_of(photograph_, face_of(photograph_).box), rng)


def face_of(picture: Image) -> Face:
    """Find the face in the middle. Raises ValueError where there is none."""
    faces = find_faces(picture)
    if not faces:
        raise ValueError("no face")
    return central(picture, faces)


def largest_face(picture: Image) -> Face:
    """Find a document's portrait. Raises ValueError where there is none."""
    return max(find_faces(picture), key=lambda face: face.box.area)


def portrait_in(picture: Image) -> tuple[slice, slice]:
    """Say where in a document's picture its portrait is: rows and columns."""
    box = largest_face(picture).box
    left, top, right, bottom = (share * box.width for share in PORTRAIT_MARGIN)
    height, width = picture.shape[:2]
    rows = slice(max(0, round(box.top - top)), min(height, round(box.top + box.height + bottom)))
    return rows, slice(max(0, round(box.left - left)), min(width, round(box.left + box.width + right)))


def jpeg(picture: Image, quality: int = 92) -> bytes:
    """Compress."""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def png(picture: Image) -> bytes:
    """Store every pixel as it is."""
    return cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()


def enlarged(picture: Image, times: float) -> Image:
    """Make a picture larger."""
    return np.asarray(cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)


def _read(path: Path) -> Image:
    return decode(path.read_bytes())
