"""Annotated pictures over HTTP: who gets them, of what, and what is said where there are none."""

import base64
import json

import boto3
import cv2
import numpy as np
import pytest

from cari_verification.aws import bucket, erasure
from functions.annotated.app import handler
from tests.integration.functions import api as verify_app
from tests.integration.functions.requests import CONTEXT, TENANT, event, multipart, post, whole_form, with_headers
from tests.unit.evidence_of_specimens import faces, reading
from tests.unit.intake.pictures import encoded

pytestmark = pytest.mark.usefixtures("aws")
MARKERS = {"names": "CANARYGIVEN", "surname": "CANARYSUR", "raw_text": "P<CANARYRAW"}


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading(**MARKERS))


def posted(prefer=None, **form):
    request = post(multipart(whole_form(**form)))
    request = with_headers(request, Prefer=prefer) if prefer else request
    return json.loads(verify_app.handler(request, CONTEXT)["body"])["id"]


def asked(identifier, side="front", *, accept="image/jpeg", method="GET", **caller):
    path = f"/identity/verify/{identifier}/annotated/{side}"
    return handler(event(method, path, headers={"Accept": accept} if accept else {}, **caller), CONTEXT)


def refused(answer):
    body = json.loads(answer["body"])
    return answer["statusCode"], body["code"], body.get("field")


def opened(answer):
    return cv2.imdecode(np.frombuffer(base64.b64decode(answer["body"]), np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize("side", ["front", "back", "selfie"])
def test_every_side_is_a_jpeg_that_nobody_may_keep(side):
    answer = asked(posted(type="card", back=encoded()), side)

    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert answer["multiValueHeaders"]["Content-Type"] == ["image/jpeg"]
    assert answer["multiValueHeaders"]["Cache-Control"] == ["no-store"]
    assert 900 <= opened(answer).shape[1] <= 1600


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_found_whatever_its_type(format_):
    assert asked(posted(front=encoded(format_)))["statusCode"] == 200


def test_a_side_that_was_not_sent_is_not_found():
    assert refused(asked(posted(), "back")) == (404, "not_found", "side")


def test_a_side_that_documents_have_not_is_refused():
    assert refused(asked(posted(), "inside")) == (422, "validation_failed", "side")


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_picture_looks_like_that_of_a_verification_that_never_was(other):
    made = posted()

    theirs, nobodys = asked(made, **other), asked(made[::-1])

    assert refused(theirs) == refused(nobodys) == (404, "not_found", "id")
    assert theirs["body"].replace(made, "") == nobodys["body"].replace(made[::-1], "")


def test_what_is_being_erased_is_not_found_though_its_picture_is_still_there():
    made = posted()
    erasure.mark(TENANT, "dev", made)

    assert refused(asked(made)) == (404, "not_found", "id")


def test_what_is_erased_while_it_is_asked_for_is_not_found(monkeypatch):
    made = posted()

    def erased(*_):
        erasure.mark(TENANT, "dev", made)

    monkeypatch.setattr(bucket, "read_picture", erased)

    assert refused(asked(made)) == (404, "not_found", "id")


@pytest.mark.parametrize("side", ["front", "selfie"])
def test_a_picture_that_is_not_kept_is_no_missing_verification(side):
    assert refused(asked(posted(retention_days=0), side)) == (409, "picture_not_kept", "side")


def test_a_verification_under_way_has_nothing_to_show_yet():
    answer = asked(posted(prefer="respond-async"))

    assert refused(answer) == (409, "still_processing", "id")
    assert int(answer["multiValueHeaders"]["Retry-After"][0]) > 0


@pytest.mark.parametrize(
    "accept", [None, "*/*", "text/html, image/jpeg", "image/avif,image/webp", "image/jpeg;q=0", "image/png;q=0.9"]
)
def test_whoever_would_get_base64_for_a_picture_is_told_what_to_ask_for(accept):
    assert refused(asked(posted(), accept=accept)) == (406, "not_acceptable", "Accept")


@pytest.mark.parametrize(
    "accept", ["image/jpeg", "image/jpeg, */*;q=0.1", "IMAGE/JPEG;q=1", "image/png, image/jpeg;q=0.5"]
)
def test_whoever_names_jpeg_first_gets_it(accept):
    assert asked(posted(), accept=accept)["statusCode"] == 200


def test_a_stored_picture_that_is_damaged_is_still_explained():
    made = posted()
    key = bucket.image_key(TENANT, "dev", made, "front", "image/jpeg")
    boto3.client("s3").put_object(Bucket="bucket", Key=key, Body=b"\xff\xd8\xff\xe0 no picture")

    assert opened(asked(made)).shape[1] == 900


def test_its_head_is_answered_as_get_is():
    made = posted()

    assert asked(made, method="HEAD")["body"] == asked(made)["body"]


def test_nothing_can_be_posted_to_it():
    answer = asked(posted(), method="DELETE")

    assert answer["statusCode"] == 404


def test_a_request_for_it_is_counted_and_wants_the_scope_to_read():
    path = f"/identity/verify/{posted()}/annotated/front"
    context = {"tenant": TENANT, "mode": "dev", "key_id": "c" * 24, "quota_id": "c" * 24, "scopes": "verify"}
    request = event("GET", path, headers={"Accept": "image/jpeg"})
    request["requestContext"]["authorizer"] = context

    answer = handler(request, CONTEXT)

    assert refused(answer)[:2] == (403, "insufficient_scope")
    assert answer["multiValueHeaders"]["RateLimit-Remaining"] == ["999"]


def test_nothing_personal_is_logged(logged):
    asked(posted())

    assert not [marker for marker in MARKERS.values() if marker in logged.getvalue()]
