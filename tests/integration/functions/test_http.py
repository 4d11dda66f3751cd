"""What every answer has, and what no route answers itself: HEAD, and methods that there are not."""

import json
import re

import pytest

from cari_decision.evidence import EngineFailure
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, event, get, multipart, post, whole_form, without_a_key

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
ID = "0" * 24


def handled(request):
    return app.handler(request, CONTEXT)


def header(answer, name):
    return answer["multiValueHeaders"][name][0]


ANSWERS = {
    "verified": lambda: handled(post(multipart(whole_form()))),
    "unknown": lambda: handled(get(f"/identity/verify/{ID}")),
    "no route": lambda: handled(get("/nowhere")),
    "refused early": lambda: handled(post(b"{}", "application/json")),
    "wrong method": lambda: handled(event("DELETE", "/docs")),
    "a page": lambda: handled(get("/llms.txt")),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_may_be_read_by_pages_of_any_origin(answer):
    answered = ANSWERS[answer]()

    assert header(answered, "Access-Control-Allow-Origin") == "*"
    exposed = header(answered, "Access-Control-Expose-Headers").split(", ")
    assert {"X-Request-Id", "Retry-After", "Location", "Server-Timing", "Idempotent-Replayed"} <= set(exposed)


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_names_its_request_and_tells_its_time(answer):
    answered = ANSWERS[answer]()

    assert header(answered, "X-Request-Id") == "the-request"
    assert re.search(r"total;dur=\d+\.\d$", header(answered, "Server-Timing"))


def test_a_verification_tells_the_time_of_each_stage():
    timing = header(ANSWERS["verified"](), "Server-Timing")

    stages = [part.partition(";")[0] for part in timing.split(", ")]
    assert sorted(stages) == ["announce", "decide", "faces", "intake", "mrz", "save", "store_pictures", "total"]


def test_personal_answers_are_not_to_be_kept():
    assert header(ANSWERS["verified"](), "Cache-Control") == "no-store"


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/docs"), ("PUT", "/identity/uploads"), ("OPTIONS", "/docs")])
def test_a_method_that_a_path_has_not_is_no_route(method, path):
    answer = handled(event(method, path))

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", f"/identity/verify/{ID}"])
def test_head_is_answered_as_get_so_that_the_gateway_knows_the_length_of_what_it_leaves_out(path):
    head, whole = handled(event("HEAD", path)), handled(get(path))

    assert (head["statusCode"], head["body"]) == (whole["statusCode"], whole["body"])
    assert header(head, "Content-Type") == header(whole, "Content-Type")


def test_what_is_read_again_is_not_sent_again_where_it_is_the_same():
    made = json.loads(ANSWERS["verified"]()["body"])["id"]
    first = handled(get(f"/identity/verify/{made}"))
    tag = header(first, "ETag")

    again = handled(get(f"/identity/verify/{made}", headers={"If-None-Match": f'"other", {tag}'}))
    other = handled(get(f"/identity/verify/{made}", headers={"If-None-Match": '"other"'}))

    assert (again["statusCode"], again["body"], header(again, "ETag")) == (304, "", tag)
    assert (other["statusCode"], other["body"]) == (200, first["body"])


@pytest.mark.parametrize("request_", [lambda: post(multipart(whole_form())), lambda: get("/identity/verify/none")])
def test_only_what_was_read_well_has_an_etag(request_):
    assert "ETag" not in handled(request_())["multiValueHeaders"]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [("/identity/verify", "multipart/form-data, application/json"), ("/identity/uploads", "application/json")],
)
def test_a_body_of_another_kind_is_answered_with_the_kinds_that_are_read(path, kinds):
    answer = handled(event("POST", path, headers={"Content-Type": "text/plain"}, body="x"))

    assert (answer["statusCode"], header(answer, "Accept")) == (415, kinds)


def test_a_picture_of_another_kind_is_answered_with_the_kinds_that_are_read():
    answer = handled(post(multipart(whole_form(selfie=b"GIF89a" + b"x" * 100))))

    assert (answer["statusCode"], header(answer, "Accept")) == (415, "image/jpeg, image/png, image/webp, image/heic")


def test_whoever_comes_without_a_key_is_told_how_to_bring_one():
    answer = handled(without_a_key(get("/identity/verify")))

    assert (answer["statusCode"], header(answer, "WWW-Authenticate")) == (401, 'Bearer realm="cari"')


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"limit": ["1000"]}, "100"),
        ({"limit": ["0"]}, "1"),
        ({"limit": ["many"]}, "integer"),
        ({"status": ["perfect"]}, "approved"),
        ({"created_after": ["yesterday"]}, "2026-01-31T12:00:00Z"),
        ({"stauts": ["approved"]}, "'status'"),
        ({"limit": ["1", "2"]}, "2 times"),
    ],
)
def test_a_wrong_query_is_told_what_would_be_right(query, said):
    asked = {name: values[-1] for name, values in query.items()}
    answer = handled(get("/identity/verify", queryStringParameters=asked, multiValueQueryStringParameters=query))

    body = json.loads(answer["body"])
    assert (answer["statusCode"], body["field"]) == (422, *query)
    assert said in body["detail"]


def test_an_errors_type_stays_within_the_deployments_stage():
    request = get("/nowhere")
    request["requestContext"]["path"] = "/dev/nowhere"

    assert json.loads(handled(request)["body"])["type"] == "/dev/docs/errors#not_found"


def test_a_verification_is_answered_and_kept_with_its_receipt():
    made = json.loads(ANSWERS["verified"]()["body"])

    read = json.loads(handled(get(f"/identity/verify/{made['id']}"))["body"])
    assert made["receipt"]["is_estimate"]
    assert made["receipt"]["usd"]["total"] > 0
    assert read["receipt"] == made["receipt"]


def test_a_verification_without_an_engine_has_a_receipt_too(good_answers):
    good_answers["mrz"] = EngineFailure("mrz_not_read", "front")

    assert json.loads(ANSWERS["verified"]()["body"])["receipt"]["ms"]["total"] > 0
