import json

import boto3
import pytest

from cari_decision.evidence import EngineFailure
from functions.verify import app as verify
from tests.integration.functions import api as app
from tests.integration.functions.requests import BOUNDARY, CONTEXT, TENANT, event, get, multipart, post, whole_form
from tests.unit.intake.pictures import encoded

pytestmark = pytest.mark.usefixtures("aws", "good_answers")


def answered(request):
    answer = app.handler(request, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def posted(**changes):
    return answered(post(multipart(whole_form(**changes))))


def test_a_complete_request_is_answered_with_a_decision():
    status, body = posted()

    assert (status, body["status"], body["user"]) == (200, "approved", TENANT)


def test_the_answer_has_every_field_of_the_contract():
    _, body = posted()

    assert {"id", "type", "user", "selfie", "front", "back", "status", "checks", "reasons", "created_at"} <= set(body)
    assert set(body["selfie"]) == {"SourceImageFace", "MatchedFaces", "UnmatchedFaces"}


def test_the_type_is_card_unless_said():
    assert posted(type=None)[1]["type"] == "card"


def test_the_path_may_end_in_a_slash():
    request = post(multipart(whole_form()))

    assert answered({**request, "path": "/identity/verify/"})[0] == 200


def test_a_verification_is_read_back_as_it_was_answered():
    _, made = posted()

    assert answered(get(f"/identity/verify/{made['id']}")) == (200, made)


def test_pictures_lie_under_the_tenants_prefix():
    _, made = posted()

    keys = [thing["Key"] for thing in boto3.client("s3").list_objects_v2(Bucket="bucket")["Contents"]]
    assert keys == [f"images/{TENANT}/dev/{made['id']}/{side}.jpg" for side in ("front", "selfie")]


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_verification_looks_like_one_that_never_was(other):
    _, made = posted()

    theirs = answered(get(f"/identity/verify/{made['id']}", **other))
    unknown = answered(get("/identity/verify/" + "0" * 24, **other))

    assert (theirs[0], unknown[0]) == (404, 404)
    assert theirs[1]["code"] == unknown[1]["code"] == "not_found"


def test_a_failing_engine_is_stored_and_said(good_answers):
    good_answers["faces"] = EngineFailure("faces_not_compared")

    status, body = posted()

    assert (status, body["status"], body["reasons"][0]["code"]) == (200, "review", "faces_not_compared")
    assert answered(get(f"/identity/verify/{body['id']}"))[1] == body


@pytest.mark.parametrize("missing", ["selfie", "front"])
def test_a_missing_part_is_named(missing):
    status, body = posted(**{missing: None})

    assert (status, body["code"], body["field"]) == (422, "validation_failed", missing)


def test_every_missing_part_is_listed():
    _, body = posted(selfie=None, front=None)

    assert {error["field"] for error in body["errors"]} == {"selfie", "front"}


def test_an_unknown_type_is_answered_with_those_there_are():
    status, body = posted(type="library_card")

    assert (status, body["field"]) == (422, "type")
    assert "residence_permit" in body["detail"]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"", 422, "image_rejected"),
        (b"I am a picture, honestly\n", 415, "unsupported_image"),
        (encoded(size=(300, 200))[:700], 422, "image_rejected"),
        (encoded().decode(errors="replace").encode(), 400, "body_mangled"),
    ],
    ids=["empty", "text", "truncated", "mangled"],
)
def test_a_bad_picture_is_refused_by_name(sent, status, code):
    answer, body = posted(front=sent)

    assert (answer, body["code"], body["field"]) == (status, code, "front")


def test_a_picture_sent_as_text_is_asked_for_as_a_file():
    status, body = posted(selfie="me.jpg")

    assert (status, body["field"]) == (422, "selfie")


def test_a_boundary_that_is_not_the_bodys_is_named():
    status, body = answered(post(multipart(whole_form()), "multipart/form-data; boundary=other"))

    assert (status, body["code"], body["field"]) == (400, "bad_request", "Content-Type")


def test_the_media_type_may_be_written_in_any_case():
    assert answered(post(multipart(whole_form()), f"Multipart/Form-Data; boundary={BOUNDARY}"))[0] == 200


def test_a_missing_boundary_is_named():
    assert answered(post(multipart(whole_form()), "multipart/form-data"))[0] == 400


def test_a_body_cut_off_on_its_way_is_told_so():
    status, body = answered(post(multipart(whole_form())[:-200]))

    assert (status, "cut off" in body["detail"]) == (400, True)


def test_a_part_header_that_is_not_utf8_is_refused():
    body = multipart(whole_form()).replace(b'filename="front.jpg"', b'filename="fr\xe9nt.jpg"')

    assert answered(post(body))[0] == 400


@pytest.mark.parametrize("content_type", [None, "application/x-www-form-urlencoded", "image/jpeg", "application/jsonp"])
def test_another_media_type_is_refused(content_type):
    status, body = answered(post(b"{}", content_type))

    assert (status, body["code"], body["uploads"]) == (415, "unsupported_media_type", "/identity/uploads")


def test_a_body_that_a_gateway_decoded_as_text_is_named():
    text = multipart(whole_form()).decode(errors="replace")
    request = {**post(b""), "body": text, "isBase64Encoded": False}

    status, body = answered(request)

    assert (status, body["code"]) == (400, "body_mangled")


def test_a_seven_megabyte_body_is_refused_with_the_bound():
    status, body = posted(front=encoded() + b"\0" * 7_000_000)

    assert (status, body["code"], body["max_bytes"]) == (413, "body_too_large", 4_500_000)
    assert body["uploads"] == "/identity/uploads"


def test_an_empty_file_field_of_a_browser_form_is_no_back():
    empty = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="back"; filename=""\r\n\r\n\r\n--{BOUNDARY}--'.encode()
    )

    status, body = answered(post(multipart(whole_form()).replace(b"--frontier--", empty)))

    assert (status, body["back"]) == (200, None)


def test_an_unknown_route_is_a_problem_too():
    status, body = answered(get("/identity/nothing"))

    assert (status, body["code"], body["request_id"]) == (404, "not_found", "the-request")


def test_every_answer_names_its_request():
    good = app.handler(post(multipart(whole_form())), CONTEXT)
    bad = app.handler(post(b""), CONTEXT)

    assert good["multiValueHeaders"]["X-Request-Id"] == bad["multiValueHeaders"]["X-Request-Id"] == ["the-request"]


def test_errors_are_problem_documents():
    answer = app.handler(post(b""), CONTEXT)

    assert answer["multiValueHeaders"]["Content-Type"] == ["application/problem+json"]


def test_an_unforeseen_error_is_a_500_that_tells_nothing(monkeypatch, capsys):
    def fail(*_, **__):
        raise RuntimeError("PRIVATE OWNER")

    monkeypatch.setattr(verify, "intake", fail)

    status, body = posted()

    assert (status, body["code"]) == (500, "internal_error")
    assert "PRIVATE OWNER" not in capsys.readouterr().out + str(body)


def test_openapi_describes_the_form_and_the_problems():
    _, described = answered(event("GET", "/openapi.json"))

    post_route = described["paths"]["/identity/verify"]["post"]
    assert set(post_route["requestBody"]["content"]) == {"multipart/form-data", "application/json"}
    assert {"/identity/verify", "/identity/verify/{id}", "/identity/uploads"} <= set(described["paths"])
    assert "/identity/verify/uploaded" not in described["paths"]
    assert "application/problem+json" in post_route["responses"]["415"]["content"]
