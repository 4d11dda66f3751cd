"""What every answer has, and what no route answers itself: HEAD, OPTIONS, 405."""

import json
import re

import pytest

from cari_common.evidence import EngineFailure
from functions.verify import app
from tests.unit.common.specimens import faces, reading
from tests.unit.functions.requests import CONTEXT, event, get, multipart, post, whole_form

pytestmark = pytest.mark.usefixtures("aws")
ID = "0" * 24


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading())
    return answers


def handled(request):
    return app.handler(request, CONTEXT)


def header(answer, name):
    return answer["multiValueHeaders"][name][0]


ANSWERS = {
    "verified": lambda: handled(post(multipart(whole_form()))),
    "unknown": lambda: handled(get(f"/identity/verify/{ID}")),
    "no route": lambda: handled(get("/nowhere")),
    "refused early": lambda: handled(post(b"{}", "application/json")),
    "preflight": lambda: handled(event("OPTIONS", "/identity/verify")),
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


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/identity/verify", "GET, HEAD, OPTIONS, POST"),
        ("/identity/verify/", "GET, HEAD, OPTIONS, POST"),
        (f"/identity/verify/{ID}", "DELETE, GET, HEAD, OPTIONS"),
        ("/openapi.json", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_browser_is_told_what_it_may_send(path, methods):
    answer = handled(event("OPTIONS", path))

    assert (answer["statusCode"], answer["body"]) == (204, "")
    assert header(answer, "Access-Control-Allow-Methods") == methods
    assert header(answer, "Access-Control-Allow-Headers") == "Authorization, Content-Type, Idempotency-Key, Prefer"


def test_a_browser_asking_for_no_route_is_told_so():
    assert handled(event("OPTIONS", "/nowhere"))["statusCode"] == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/docs", "GET, HEAD, OPTIONS"),
        ("POST", "/openapi.json", "GET, HEAD, OPTIONS"),
        ("PUT", "/identity/uploads", "OPTIONS, POST"),
    ],
)
def test_a_method_that_a_path_has_not_is_answered_with_those_it_has(method, path, allowed):
    answer = handled(event(method, path))

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (405, "method_not_allowed")
    assert header(answer, "Allow") == allowed


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", f"/identity/verify/{ID}"])
def test_head_is_get_without_its_body(path):
    head, whole = handled(event("HEAD", path)), handled(get(path))

    assert (head["statusCode"], head["body"]) == (whole["statusCode"], "")
    assert header(head, "Content-Type") == header(whole, "Content-Type")


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
