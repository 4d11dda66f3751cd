"""The description's examples: the rules themselves answer, from made-up evidence about ICAO 9303's own specimen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from cari_api import links
from cari_core.deadline import Deadline
from cari_core.picture import Picture, StoredPicture
from cari_core.stopwatch import Timings
from cari_decision.evidence import Faces, Mrz, Side
from cari_verification import stored
from cari_verification.contract import public
from cari_verification.ports import Ports
from cari_verification.receipt import Deployment, Usage, receipt
from cari_verification.request import Request
from cari_verification.verification import verify
from tools import error_reference

IDENTIFIER, TENANT = "19e82a03d0042d703bb5fb1b", "5f0c2d1e8a7b4c3d9e6f1a2b"
REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
TIMINGS = Timings({"intake": [9.4], "store_pictures": [18.2], "faces": [142.0], "mrz": [96.5], "decide": [0.4]}, 172.1)
PICTURE_BYTES = [412_000, 958_000]
TIME_LEFT_S = 28.0

_FACE: dict[str, Any] = {
    "BoundingBox": {"Left": 0.3125, "Top": 0.2, "Width": 0.375, "Height": 0.4},
    "Confidence": 99.4,
    "Landmarks": [
        {"Type": "eyeLeft", "X": 0.425, "Y": 0.34},
        {"Type": "eyeRight", "X": 0.575, "Y": 0.34},
        {"Type": "chinBottom", "X": 0.5, "Y": 0.6},
    ],
    "Pose": {"Yaw": 1.5, "Pitch": -2.0, "Roll": 0.5},
    "Quality": {"Brightness": 71.0, "Sharpness": 92.0},
    "Attributes": {"Lips": {"Value": "Together"}, "Glasses": {"Value": "None"}},
}
_FACES = Faces(
    {
        "SourceImageFace": {
            "BoundingBox": {"Left": 0.06, "Top": 0.24, "Width": 0.2, "Height": 0.38},
            "Confidence": 99.1,
        },
        "FaceMatches": [{"Similarity": 97.2, "Face": _FACE}],
        "UnmatchedFaces": [],
    },
    selfie_size=(1080, 1440),
    front_size=(1600, 1126),
    states_fmr=True,
)
_LINES = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F3204153ZE184226B<<<<<16")
_READING = Mrz(
    {
        "found": True,
        "valid": True,
        "valid_score": 100,
        "mrz_type": "TD3",
        "raw_text": "\n".join(_LINES),
        "type": "P<",
        "country": "UTO",
        "number": "L898902C3",
        "date_of_birth": "740812",
        "expiration_date": "320415",
        "nationality": "UTO",
        "sex": "F",
        "names": "ANNA MARIA",
        "surname": "ERIKSSON",
        "personal_number": "ZE184226B<<<<<",
        "check_number": "6",
        "check_date_of_birth": "2",
        "check_expiration_date": "3",
        "check_composite": "6",
        "check_personal_number": "1",
        "valid_number": True,
        "valid_date_of_birth": True,
        "valid_expiration_date": True,
        "valid_composite": True,
        "valid_personal_number": True,
        "method": "cari",
        "walltime": 0.061,
    }
)


@cache
def verifications() -> dict[str, dict[str, Any]]:
    """Show an approved and an undecided verification, as `examples` of OpenAPI."""
    nobody = replace(_FACES, response={**_FACES.response, "FaceMatches": []})
    return {
        "approved": {"summary": "Everything agrees", "value": _verified(_FACES)},
        "review": {"summary": "The selfie shows no face", "value": _verified(nobody)},
    }


def under_way() -> dict[str, dict[str, Any]]:
    """Show a verification that has no decision yet."""
    accepted = public(stored.under_way(_request()))
    return {"processing": {"summary": "Under way", "value": accepted.model_dump(mode="json")}}


def lists() -> dict[str, dict[str, Any]]:
    """Show a page of verifications."""
    page = {"verifications": [shown["value"] for shown in verifications().values()], "next_cursor": None}
    return {"last page": {"summary": "There are no others", "value": page}}


def deleted() -> dict[str, dict[str, Any]]:
    """Show what is left of a verification."""
    return {
        "deleted": {
            "summary": "All of it is erased",
            "value": {"id": IDENTIFIER, "deleted": True, "receipt": "eyJhbGciOiJFUzI1NiIs…"},
        }
    }


def problems(status: int, operation: str, *, reads_a_body: bool) -> dict[str, dict[str, Any]]:
    """Show every error that an operation answers with this status."""
    return {
        entry.code: {
            "summary": entry.title,
            "value": {
                "type": links.error_type(entry.code),
                "title": entry.title,
                "status": status,
                "code": entry.code,
                "detail": entry.meaning,
                "request_id": REQUEST_ID,
            },
        }
        for entry in error_reference.entries()
        if entry.status == status and _answers(operation, entry.code, reads_a_body=reads_a_body)
    }


WAITING = frozenset(  # operations whose 409 is over soon
    {
        "verify",
        "offer_uploads",
        "get_evidence",
        "evaluate_verification",
        "review_verification",
        "get_annotated",
    }
)
OF_A_BODY = frozenset({"bad_request", "body_mangled", "unsupported_media_type"})
REPEATABLE = {"verify", "offer_uploads", "create_key", "rotate_key", "review_verification", "put_policy"}
ONLY_OF = {  # errors that not every operation answers
    "body_mangled": {"verify"},
    "unsupported_image": {"verify"},
    "image_rejected": {"verify"},
    "upload_mismatch": {"verify"},
    "idempotency_in_progress": REPEATABLE,
    "idempotency_key_reused": REPEATABLE,
    "still_processing": {"get_evidence", "evaluate_verification", "review_verification", "get_annotated"},
    "picture_not_kept": {"get_annotated"},
    "cursor_rejected": {"list_verifications"},
    "policy_rejected": {"put_policy", "evaluate_verification"},
    "policy_changed_meanwhile": {"put_policy"},
    "too_many_policies": {"put_policy"},
    "upload_in_use": {"verify"},
    "engine_unavailable": {"verify"},
    "erasure_unfinished": {"delete_verification"},
    "reviewed_meanwhile": {"review_verification"},
    "too_many_keys": {"create_key", "rotate_key"},
    "key_not_active": {"rotate_key"},
    "own_key": {"revoke_key"},
    "not_acceptable": {"get_specimen", "get_annotated"},
}


def _answers(operation: str, code: str, *, reads_a_body: bool) -> bool:
    return (reads_a_body or code not in OF_A_BODY) and operation in ONLY_OF.get(code, {operation})


def _request() -> Request:
    picture = Picture(b"", "image/jpeg", 1600, 1126, "passport.jpg")
    pictures: dict[Side, Picture] = {"selfie": picture, "front": picture}
    return Request(id=IDENTIFIER, tenant=TENANT, mode="dev", type="passport", pictures=pictures)


def _verified(faces: Faces) -> dict[str, Any]:
    ports = Ports(
        store_picture=lambda _request, _side, picture: StoredPicture(
            "a-bucket", "a-key", picture.content_type, picture.width, picture.height, picture.filename
        ),
        compare_faces=lambda *_: faces,
        read_mrz=lambda *_: _READING,
        save=lambda request, outcome, _record: public(stored.ended(stored.under_way(request), outcome)),
    )
    verification = verify(_request(), ports, deadline=Deadline.after(TIME_LEFT_S))
    usage = Usage(TIMINGS, PICTURE_BYTES, mrz_calls=1, verification_bytes=len(verification.model_dump_json()))
    bill = receipt(usage, Deployment())
    return verification.model_copy(update={"receipt": bill}).model_dump(mode="json")
