"""Every class of fraud, as what would be sent: made by seeded code of documents and photographs nobody tuned to.

Some are cheaper than a fraud's who takes pains: see docs/fraud.md for what each stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from cari_face import compare
from cari_imaging import decode
from specimens.fonts import dejavu, ocr_b
from specimens.specimen import card_back, card_front, card_lines, passport_lines, passport_page
from tests.benchmarks.end_to_end.composites import TODAY
from tests.benchmarks.face.attacks import print_attack, screen_attack
from tests.benchmarks.face.printing import photographed
from tests.benchmarks.fraud.materials import (
    enlarged,
    face_of,
    jpeg,
    largest_face,
    png,
    portrait_in,
    printed_portrait,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from cari_decision.evidence import DocumentType
    from cari_imaging import Image
    from tests.benchmarks.fraud.materials import Materials

ISSUED, EXPIRES = TODAY - timedelta(days=700), TODAY + timedelta(days=2900)
WHITE = (255, 255, 255)
CARD_PX, PASSPORT_PX = (900, 568), (1000, 704)


@dataclass(frozen=True)
class Attempt:
    """What is sent."""

    type: DocumentType
    selfie: bytes
    front: bytes
    back: bytes | None = None


def _with_document(materials: Materials, selfie: bytes) -> Attempt:
    """Send the holder's own document with a selfie that is none."""
    return Attempt(materials.type, selfie, materials.document.front, materials.document.back)


def _crop(materials: Materials) -> Image:
    front = decode(materials.document.front)
    return front[portrait_in(front)]


def document_as_selfie(materials: Materials) -> Attempt:
    return _with_document(materials, materials.document.front)


def cropped(materials: Materials) -> Attempt:
    return _with_document(materials, png(np.ascontiguousarray(_crop(materials))))


def cropped_compressed(materials: Materials) -> Attempt:
    return _with_document(materials, jpeg(enlarged(_crop(materials), 0.85), int(materials.rng.integers(30, 60))))


def cropped_enlarged(materials: Materials) -> Attempt:
    return _with_document(materials, jpeg(enlarged(_crop(materials), materials.rng.uniform(2, 4))))


def cropped_mirrored(materials: Materials) -> Attempt:
    return _with_document(materials, jpeg(enlarged(np.ascontiguousarray(_crop(materials)[:, ::-1]), 2)))


def cropped_recoloured(materials: Materials) -> Attempt:
    tone = (enlarged(_crop(materials), 2) / 255.0) ** materials.rng.uniform(0.6, 1.7) * materials.rng.uniform(
        0.8, 1.2, 3
    )
    return _with_document(materials, jpeg((255 * np.clip(tone, 0, 1)).astype(np.uint8)))


def cropped_rephotographed(materials: Materials) -> Attempt:
    crop = _crop(materials)
    sheet = np.asarray(cv2.resize(crop, (450, round(450 * crop.shape[0] / crop.shape[1]))), np.uint8)
    return _with_document(materials, jpeg(photographed(sheet, materials.rng, (350, 700))))


def stolen_photograph(materials: Materials) -> Attempt:
    """Send as the selfie what was pasted over the document's portrait."""
    return _with_document(materials, jpeg(materials.photograph))


def one_picture_for_all(materials: Materials) -> Attempt:
    front = materials.document.front
    return Attempt("card", front, front, front)


def second_selfie(materials: Materials) -> Attempt:
    back = materials.pages("card", materials.portrait, materials.identity).back
    return Attempt("card", jpeg(materials.selfie), jpeg(materials.photograph), back)


def face_on_paper(materials: Materials) -> Attempt:
    sheet = Pillow.new("RGB", (1200, 757), tuple(materials.rng.integers(225, 250, 3).tolist()))
    sheet.paste(Pillow.fromarray(materials.portrait).resize((350, 450)), (60, 150))
    return _as_front_of_a_card(materials, materials.shot(sheet, "card"))


def screenshot(materials: Materials) -> Attempt:
    screen = Pillow.new("RGB", (720, 1280), (18, 18, 20))
    draw = ImageDraw.Draw(screen)
    draw.text((24, 12), "12:41", fill=WHITE, font=dejavu("Sans-Bold", 26))
    photograph = Pillow.fromarray(materials.photograph).resize((720, 720))
    screen.paste(photograph, (0, 220))
    draw.text((40, 1010), "Liked by 128 others", fill=WHITE, font=dejavu("Sans", 28))
    return _as_front_of_a_card(materials, png(np.asarray(screen)))


def another_back(materials: Materials) -> Attempt:
    other = materials.pages("card", materials.portrait, materials.somebody()).back
    return _as_front_of_a_card(materials, other or b"")


def page_as_back(materials: Materials) -> Attempt:
    page = materials.pages("passport", printed_portrait(materials.strangers[0], materials.rng), materials.identity)
    return Attempt("passport", jpeg(materials.selfie), jpeg(materials.photograph), page.front)


def digital_mrz(materials: Materials) -> Attempt:
    """Draw the MRZ in digital text on white, beside a photograph."""
    sheet = Pillow.new("RGB", PASSPORT_PX, WHITE)
    sheet.paste(Pillow.fromarray(materials.photograph).resize((280, 280)), (50, 180))
    draw = ImageDraw.Draw(sheet)
    for row, line in enumerate(passport_lines(materials.identity, EXPIRES)):
        for column, character in enumerate(line):
            at = (60 + 20.3 * column, 570 + 52 * row)
            draw.text(at, character, fill=(0, 0, 0), font=ocr_b(20.3), anchor="mm")
    return Attempt("passport", jpeg(materials.selfie), png(np.asarray(sheet)))


def _as_front_of_a_card(materials: Materials, front: bytes) -> Attempt:
    back = materials.pages("card", materials.portrait, materials.identity).back
    return Attempt("card", jpeg(materials.selfie), front, back)


def portrait_swapped(materials: Materials) -> Attempt:
    """Paste a stranger's portrait over the holder's, in the picture, and send the stranger's selfie."""
    front = decode(materials.document.front).copy()
    place = portrait_in(front)
    box, (stranger, selfie) = largest_face(front).box, materials.attacker
    portrait = printed_portrait(stranger, materials.rng)
    own = largest_face(portrait).box
    scale = box.width / own.width
    part = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = round(box.top - own.top * scale), round(box.left - own.left * scale)
    rows = slice(max(0, top, place[0].start), min(front.shape[0], top + part.shape[0]))
    columns = slice(max(0, left), min(front.shape[1], left + part.shape[1]))
    front[rows, columns] = part[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return Attempt(materials.type, jpeg(selfie), jpeg(front), materials.document.back)


def mrz_replaced(materials: Materials) -> Attempt:
    """Print somebody else's MRZ, with right check digits, under the holder's page."""
    lines = passport_lines(materials.somebody(), EXPIRES)
    page = passport_page(materials.identity, Pillow.fromarray(materials.portrait), ISSUED, EXPIRES, lines)
    return Attempt("passport", jpeg(materials.selfie), materials.shot(page, "passport"))


def fields_painted_over(materials: Materials) -> Attempt:
    lines = passport_lines(materials.identity, EXPIRES)
    page = passport_page(materials.identity, Pillow.fromarray(materials.portrait), ISSUED, EXPIRES, lines)
    ImageDraw.Draw(page).rectangle((455, 110, 1200, 620), fill=(236, 236, 232))
    return Attempt("passport", jpeg(materials.selfie), materials.shot(page, "passport"))


def expiry_changed(materials: Materials) -> Attempt:
    """Prolong an expired passport in its MRZ alone."""
    lines = passport_lines(materials.identity, EXPIRES)
    gone = TODAY - timedelta(days=200)
    page = passport_page(materials.identity, Pillow.fromarray(materials.portrait), ISSUED, gone, lines)
    return Attempt("passport", jpeg(materials.selfie), materials.shot(page, "passport"))


def two_mrzs(materials: Materials) -> Attempt:
    """Lay a strip with another MRZ under an expired page."""
    old = passport_lines(materials.identity, TODAY - timedelta(days=200))
    page = passport_page(materials.identity, Pillow.fromarray(materials.portrait), ISSUED, EXPIRES, old)
    strip = passport_page(materials.somebody(), None, ISSUED, EXPIRES, passport_lines(materials.somebody(), EXPIRES))
    both = Pillow.new("RGB", (page.width, page.height + 240), (240, 238, 230))
    both.paste(page, (0, 0))
    both.paste(strip.crop((0, 650, strip.width, strip.height)), (0, page.height + 8))
    return Attempt("passport", jpeg(materials.selfie), materials.shot(both, "passport"))


def expired_mrz_covered(materials: Materials) -> Attempt:
    gone = TODAY - timedelta(days=200)
    page = passport_page(materials.identity, Pillow.fromarray(materials.portrait), ISSUED, gone, ())
    return Attempt("passport", jpeg(materials.selfie), materials.shot(page, "passport"))


def halves(materials: Materials) -> Attempt:
    """Send the front of one's own card and the back of somebody else's."""
    other = materials.somebody()
    front = card_front(materials.identity, Pillow.fromarray(materials.portrait), EXPIRES)
    back = card_back(other, ISSUED, card_lines(other, EXPIRES))
    return Attempt("card", jpeg(materials.selfie), materials.shot(front, "card"), materials.shot(back, "card"))


def lookalike(materials: Materials) -> Attempt:
    """Send the selfie of whoever looks likest of ten."""
    alike = [compare(materials.photograph, stranger).matches for stranger in materials.strangers]
    best = min(range(len(alike)), key=lambda one: alike[one][0].fmr if alike[one] else 1.0)
    return _with_document(materials, jpeg(materials.strangers[best]))


def morphed(materials: Materials) -> Attempt:
    """Print half of the holder and half of the stranger, who sends the selfie."""
    stranger, selfie = materials.attacker
    portrait = _half_and_half(materials.photograph, stranger)
    pages = materials.pages(materials.type, printed_portrait(portrait, materials.rng), materials.identity)
    return Attempt(materials.type, jpeg(selfie), pages.front, pages.back)


def behind_a_photograph(materials: Materials) -> Attempt:
    """Stand small behind a large photograph of the holder."""
    large, small = enlarged(materials.selfie, 2.4), materials.strangers[0]
    side = round(0.28 * large.shape[0])
    scene = large.copy()
    scene[:side, -side:] = cv2.resize(small, (side, side), interpolation=cv2.INTER_AREA)
    return _with_document(materials, jpeg(scene))


def masked(materials: Materials) -> Attempt:
    """Wear the holder's face, printed and cut out."""
    wearer, face = materials.strangers[0], materials.selfie
    own, worn = face_of(wearer).mesh[:, :2], face_of(face).mesh[:, :2]
    move, _ = cv2.estimateAffinePartial2D(worn, own)
    mask = np.zeros(wearer.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(own.astype(np.int32)), 1)
    moved = cv2.warpAffine(face, move, (wearer.shape[1], wearer.shape[0]))
    return _with_document(materials, jpeg(np.where(mask[..., None] > 0, moved, wearer).astype(np.uint8)))


def on_a_screen(materials: Materials) -> Attempt:
    return _with_document(materials, jpeg(screen_attack(materials.selfie, materials.rng)))


def on_a_print(materials: Materials) -> Attempt:
    return _with_document(materials, jpeg(print_attack(materials.selfie, materials.rng)))


def _half_and_half(one: Image, other: Image) -> Image:
    """Blend two faces, each moved half way to the other's place."""
    faces = [face_of(picture).mesh[:, :2] for picture in (one, other)]
    move, _ = cv2.estimateAffine2D(faces[1], faces[0])
    moved = cv2.warpAffine(other, move, (one.shape[1], one.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros(one.shape[:2], np.float32)
    cv2.fillConvexPoly(mask, cv2.convexHull(faces[0].astype(np.int32)), 0.5)
    share = cv2.GaussianBlur(mask, (0, 0), 4)[..., None]
    return np.asarray(one * (1 - share) + moved * share, np.uint8)


CLASSES: dict[str, dict[str, Callable[[Materials], Attempt]]] = {
    "One picture twice": {
        "the document's picture as the selfie": document_as_selfie,
        "portrait cropped, exact": cropped,
        "portrait cropped, compressed anew": cropped_compressed,
        "portrait cropped, enlarged": cropped_enlarged,
        "portrait cropped, mirrored": cropped_mirrored,
        "portrait cropped, recoloured": cropped_recoloured,
        "portrait cropped, printed and photographed": cropped_rephotographed,
        "selfie pasted over the portrait": stolen_photograph,
        "one picture for all sides": one_picture_for_all,
    },
    "No document": {
        "a second selfie as the front": second_selfie,
        "a face on a blank page": face_on_paper,
        "a screenshot": screenshot,
        "somebody else's back as the front": another_back,
        "the data page as the back": page_as_back,
        "an MRZ in digital text on white": digital_mrz,
    },
    "Altered document": {
        "portrait swapped": portrait_swapped,
        "MRZ replaced": mrz_replaced,
        "printed fields painted over": fields_painted_over,
        "expiry changed in the MRZ": expiry_changed,
        "two MRZs": two_mrzs,
        "expired, MRZ covered": expired_mrz_covered,
        "halves of two documents": halves,
    },
    "Another's face": {
        "the likest of ten strangers": lookalike,
        "a morph of two": morphed,
        "small behind a large photograph": behind_a_photograph,
        "a mask of the holder's face": masked,
        "the holder on a screen": on_a_screen,
        "the holder on a print": on_a_print,
    },
}
