"""The description's examples: the rules themselves answer, from made-up evidence about ICAO 9303's own specimen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from cari_common import error_reference, links, processing
from cari_common.engines import StoredPicture
from cari_common.evidence import Faces, Mrz
from cari_common.picture import Picture
from cari_common.receipt import Deployment, Usage, receipt
from cari_common.stopwatch import Timings
from cari_common.verification import Request, Steps, verify

if TYPE_CHECKING:
    from collections.abc import Container

IDENTIFIER, TENANT = "019e818d00058a1b2c3d4e5f", "5f0c2d1e8a7b4c3d9e6f1a2b"
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
    accepted = processing.under_way(IDENTIFIER, "passport", TENANT)
    return {"processing": {"summary": "Under way", "value": accepted.model_dump(mode="json")}}


def problems(status: int, *, left_out: Container[str] = ()) -> dict[str, dict[str, Any]]:
    """Show every error that a route answers with this status; `left_out` names the codes that it never does."""
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
        if entry.status == status and entry.code not in left_out
    }


OF_A_BODY = frozenset({"bad_request", "body_mangled"})  # what only a route that reads one answers
OF_PICTURES = frozenset(  # what only a route of pictures does, or one that may be repeated
    {
        "body_mangled",
        "unsupported_image",
        "image_rejected",
        "upload_mismatch",
        "idempotency_in_progress",
        "idempotency_key_reused",
    }
)
OF_KEYS_BY = {  # what only an operation on keys does
    "create_key": {"too_many_keys"},
    "rotate_key": {"too_many_keys", "key_not_active"},
    "revoke_key": {"own_key"},
}
OF_KEYS = frozenset[str]().union(*OF_KEYS_BY.values())


def _verified(faces: Faces) -> dict[str, Any]:
    picture = Picture(b"", "image/jpeg", 1600, 1126, "passport.jpg")
    request = Request(IDENTIFIER, TENANT, "dev", "passport", selfie=picture, front=picture)
    outside = Steps(
        store_picture=lambda *_: StoredPicture("a-bucket", "a-key", picture),
        compare_faces=lambda *_: faces,
        read_mrz=lambda *_: _READING,
        save=lambda _request, verification: verification,
    )
    verification = verify(request, outside, time_left_s=TIME_LEFT_S)
    usage = Usage(TIMINGS, PICTURE_BYTES, mrz_calls=1, verification_bytes=len(verification.model_dump_json()))
    bill = receipt(usage, Deployment())
    return verification.model_copy(update={"receipt": bill}).model_dump(mode="json")
