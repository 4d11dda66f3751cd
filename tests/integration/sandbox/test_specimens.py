"""Every specimen comes out as its catalogue says, from the committed pictures through the real engines."""

import io
from pathlib import Path

import pytest
from PIL import Image

from cari_barcode import as_answer, read_licence
from cari_decision.reasons import REASONS
from cari_imaging import decode
from specimens.cases import CASES
from tests.integration.sandbox.engines import verified

FOLDER = Path(__file__).parents[3] / "functions/sandbox/specimens"
KNOWN = [case for case in CASES if set(case.reasons) <= REASONS.keys()]
ALONE = [case for case in KNOWN if not case.after]  # what goes before is a matter of tests/e2e/test_sandbox.py
UNDECODABLE = {"selfie_unreadable", "document_unreadable"}
RECOMPRESSED = [case for case in ALONE if not case.hangs_on_pixels and case.code not in UNDECODABLE][::3]
# The face engine's own word for what is wrong, whether or not a decision asks for it.
SEEN_IN_SELFIES = {
    f"selfie_{seen}": seen
    for seen in (
        *("face_cut", "face_too_small", "blurred", "too_dark", "too_bright", "low_contrast"),
        *("not_frontal", "sunglasses", "face_covered"),
    )
}
SEEN_IN_PORTRAITS = {
    "portrait_cut": "face_cut",
    "portrait_too_small": "face_too_small",
    "portrait_too_dark": "too_dark",
    "portrait_too_bright": "too_bright",
    "portrait_low_contrast": "low_contrast",
    "portrait_covered": "face_covered",
    "portrait_sunglasses": "sunglasses",
}
BARCODES = [  # picture, the licence's number, why there is none
    ("licence-back.jpg", "UL40771902", None),
    ("licence-back-of-another.jpg", "UL11944021", None),
    ("licence-back-damaged.jpg", None, "barcode_damaged"),
    ("licence-back-no-licence.jpg", None, "not_aamva"),
    ("licence-back-without-barcode.jpg", None, "no_barcode"),
]
PHONE_QUALITY, PHONE_SCALE = 60, 0.8
LIVE_KEYS_ONLY = {"specimen_document"}


def by_code(cases):
    """Keep the claims about a case in one process, where the engines' answers are known once they are given."""
    return [pytest.param(case, id=case.code, marks=pytest.mark.xdist_group(case.code)) for case in cases]


def pictures_of(case):
    return {side: (FOLDER / name).read_bytes() for side, name in case.files.items()}


def as_a_phone_sends_it(payload):
    picture = Image.open(io.BytesIO(payload))
    smaller = picture.resize((round(PHONE_SCALE * side) for side in picture.size), Image.Resampling.BICUBIC)
    sent = io.BytesIO()
    smaller.save(sent, "JPEG", quality=PHONE_QUALITY)
    return sent.getvalue()


def outcome(verification):
    return verification.status, [reason.code for reason in verification.reasons]


@pytest.mark.parametrize("case", by_code(ALONE))
def test_a_specimen_comes_out_as_the_catalogue_says(case):
    verification, _ = verified(case.type, pictures_of(case), case.form)

    assert outcome(verification) == (case.status, list(case.reasons))


@pytest.mark.parametrize("case", by_code(RECOMPRESSED))
def test_a_specimen_that_was_compressed_anew_and_made_smaller_comes_out_the_same(case):
    pictures = {side: as_a_phone_sends_it(payload) for side, payload in pictures_of(case).items()}

    verification, _ = verified(case.type, pictures, case.form)

    assert outcome(verification) == (case.status, list(case.reasons))


APPROVED = [case for case in ALONE if case.status == "approved" and not case.form]


@pytest.mark.parametrize("case", by_code(APPROVED))
def test_no_specimen_is_approved_with_a_live_key(case):
    verification, _ = verified(case.type, pictures_of(case), mode="live")

    assert (verification.status, verification.reasons[0].code) == ("declined", "specimen_document")


@pytest.mark.parametrize("case", by_code(case for case in RECOMPRESSED if case in APPROVED))
def test_no_specimen_that_was_compressed_anew_is_approved_with_a_live_key(case):
    pictures = {side: as_a_phone_sends_it(payload) for side, payload in pictures_of(case).items()}

    verification, _ = verified(case.type, pictures, mode="live")

    assert (verification.status, verification.reasons[0].code) == ("declined", "specimen_document")


@pytest.mark.parametrize("case", by_code(case for case in CASES if case.code in SEEN_IN_SELFIES))
def test_the_face_engine_sees_what_is_wrong_with_a_selfie(case):
    _, asked = verified(case.type, pictures_of(case))

    assert asked.answers["faces"]["Reasons"]["TargetImage"] == [SEEN_IN_SELFIES[case.code]]


@pytest.mark.parametrize("case", by_code(case for case in CASES if case.code in SEEN_IN_PORTRAITS))
def test_the_face_engine_sees_what_is_wrong_with_a_portrait(case):
    _, asked = verified(case.type, pictures_of(case))

    assert asked.answers["faces"]["Reasons"]["SourceImage"] == [SEEN_IN_PORTRAITS[case.code]]


@pytest.mark.parametrize("sent", [lambda payload: payload, as_a_phone_sends_it], ids=["whole", "as a phone sends it"])
@pytest.mark.parametrize(("picture", "number", "reason"), BARCODES)
def test_the_barcode_reader_sees_what_is_on_a_licence(picture, number, reason, sent):
    answer = as_answer(read_licence(decode(sent((FOLDER / picture).read_bytes()))))

    assert (answer["number"], answer["reason"], answer["warnings"]) == (number, reason, [])


@pytest.mark.parametrize("code", sorted(REASONS.keys() - LIVE_KEYS_ONLY))
def test_every_reason_has_a_specimen(code):
    assert code in {case.code for case in CASES}
