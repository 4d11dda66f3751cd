"""Bodies that no honest client writes: each is refused by name, and none is a 500."""

import json

import pytest

from tests.integration.functions import api as app
from tests.integration.functions.requests import BOUNDARY, CONTEXT, multipart, post, post_json, whole_form

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
SELFIE = b'name="selfie"; filename="selfie.jpg"'
UPLOADED = "/identity/verify"
POLICY = "/identity/policies/mine"


def answered(request):
    answer = app.handler(request, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def form(**changes):
    return multipart(whole_form(**changes))


def test_text_before_the_first_boundary_and_behind_the_last_is_let_pass():
    assert answered(post(b"This is a form.\r\n" + form() + b"The end."))[0] == 200


def test_a_boundary_that_a_picture_holds_within_a_line_ends_no_part():
    picture = whole_form()["selfie"]
    holding = picture[:-2] + b"--" + BOUNDARY.encode() + b"--" + picture[-2:]

    assert answered(post(form(selfie=holding)))[0] == 200


@pytest.mark.parametrize(
    "content_type",
    ["BOUNDARY=", "boundary=", 'boundary=""', "Boundary", "boundary=" + "x" * 71, "boundary=\u00e9", ""],
)
def test_a_boundary_that_is_none_is_named(content_type):
    status, body = answered(post(form(), f"multipart/form-data; {content_type}"))

    assert (status, body["field"]) == (400, "Content-Type")


def test_the_boundary_may_be_named_in_capitals():
    assert answered(post(form(), f"multipart/form-data; BOUNDARY={BOUNDARY}"))[0] == 200


@pytest.mark.parametrize("name", ["polcy", "retention", "Selfie", "type[]"])
def test_a_part_that_there_is_not_is_named(name):
    status, body = answered(post(form(**{name: "x"})))

    assert (status, body["code"], body["field"]) == (422, "validation_failed", name)
    assert "'policy'" in body["detail"]


@pytest.mark.parametrize("part", ["type", "policy", "metadata"])
def test_text_that_comes_as_a_file_is_named(part):
    status, body = answered(post(form(**{part: b"passport"})))

    assert (status, body["field"]) == (422, part)


def test_a_file_that_comes_as_text_is_named():
    status, body = answered(post(form().replace(SELFIE, b'name="selfie"')))

    assert (status, body["field"]) == (422, "selfie")


def test_a_filename_may_be_spelt_as_old_clients_do():
    assert answered(post(form().replace(SELFIE, b"name=selfie; filename*=utf-8''gr%C3%BC%C3%9Fe.jpg")))[0] == 200


@pytest.mark.parametrize(("again", "field"), [(b'name="selfie"; filename="b.jpg"', "selfie"), (b'name="type"', "type")])
def test_two_parts_of_one_name_are_refused(again, field):
    part = b"--" + BOUNDARY.encode() + b"\r\nContent-Disposition: form-data; " + again + b"\r\n\r\ncard\r\n"

    status, body = answered(post(part + form()))

    assert (status, body["field"]) == (422, field)


@pytest.mark.parametrize(("characters", "status"), [(255, 200), (256, 422), (330_000, 400)])
def test_a_filename_has_255_characters_at_most(characters, status):
    named = f'name="selfie"; filename="{"x" * characters}"'.encode()

    assert answered(post(form().replace(SELFIE, named)))[0] == status


def test_text_that_is_not_utf8_is_named():
    body = form(reference="REPLACED").replace(b"REPLACED", b"caf\xe9")

    assert answered(post(body))[1]["field"] == "reference"


def test_a_form_of_many_parts_is_refused():
    part = b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n'

    status, _ = answered(post(part * 50_000 + form()))

    assert status in (400, 413)


@pytest.mark.parametrize(
    "text",
    [
        '{"selfie": NaN}',
        '{"selfie": Infinity}',
        '{"selfie": "\\ud800"}',
        '{"\\udfff": 1}',
        "[" * 100_000,
        '{"a":' * 40_000,
        "1" * 5000,
        "null",
        "[]",
        "",
        "\ufeff{}",
    ],
)
def test_what_is_not_a_json_object_is_a_bad_request(text):
    status, body = answered(post_json(UPLOADED, text))

    assert (status, body["code"]) == (400, "bad_request")


def test_a_name_that_is_said_twice_is_named():
    status, body = answered(post_json(UPLOADED, '{"selfie": "a", "front": "b", "front": "c"}'))

    assert (status, body["field"]) == (422, "front")


def test_a_name_that_is_no_text_and_said_twice_is_refused_all_the_same():
    assert answered(post_json(UPLOADED, '{"\\ud800": 1, "\\ud800": 2}'))[0] == 422


def test_as_many_errors_are_listed_as_anyone_reads():
    status, body = answered(post_json(UPLOADED, {f"k{number}": 1 for number in range(20_000)}))

    assert (status, len(body["errors"])) == (422, 20)
    assert "20002 parts" in body["detail"]


@pytest.mark.parametrize("rules", [{f"k{number}": 1 for number in range(20_000)}, {"required_checks": ["x"] * 30_000}])
def test_a_policys_errors_are_as_few(rules):
    status, body = answered({**post_json(POLICY, rules), "httpMethod": "PUT"} | admin())

    assert (status, body["code"], len(body["errors"]) <= 20) == (422, "policy_rejected", True)


def test_json_has_a_size_of_its_own():
    status, body = answered(
        {**post_json(POLICY, {"accepted_countries": ["DEU"] * 400_000}), "httpMethod": "PUT"} | admin()
    )

    assert (status, body["code"], body["max_bytes"]) == (413, "body_too_large", 262_144)


def test_a_name_that_a_caller_made_long_is_told_shortly():
    status, body = answered(post_json(UPLOADED, {"x" * 100_000: 1}))

    assert (status, len(json.dumps(body)) < 5_000) == (422, True)


@pytest.mark.parametrize("days", ["\u0663", "+3", " 3", "3.0", "03", "1_0"])
def test_days_are_written_in_plain_digits(days):
    status, body = answered(post(form(retention_days=days)))

    assert (status, body["field"]) == (422, "retention_days")


def admin():
    request = post_json(POLICY, {})
    told = {**request["requestContext"]["authorizer"], "scopes": "admin"}
    return {"requestContext": {**request["requestContext"], "authorizer": told}}
