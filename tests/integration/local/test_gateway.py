import json

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from local import template
from local.gateway.front import MAX_REQUEST_BYTES, Gateway, application
from local.gateway.lambda_runner import LambdaRunner
from local.lambda_runtime.runtime_api import Outcome

API = template.read()["Resources"]["Api"]["Properties"]


def answered(front, **request):
    runner = LambdaRunner(lambda *_: pytest.fail("no function"), API["Auth"]["Authorizers"]["ApiKeyAuthorizer"])
    return Client(Gateway(front, API, runner)).post("/identity/verify", **request)


def sam_says(status: int, message: str):
    return Response(json.dumps({"message": message}), status, content_type="application/json")


@pytest.mark.parametrize(
    ("status", "message", "code"),
    [
        (403, "Missing Authentication Token", "not_found"),
        (401, "Unauthorized", "unauthorized"),
        (403, "User is not authorized to access this resource", "forbidden"),
        (502, "Internal server error", "bad_gateway"),
    ],
)
def test_the_fronts_own_answers_become_the_templates_gateway_responses(status, message, code):
    answer = answered(sam_says(status, message))

    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == code
    assert answer.status_code == answer.json["status"]


def test_an_answer_that_the_template_does_not_know_gets_the_default_response():
    answer = answered(sam_says(400, 'a "quoted" word'))

    assert (answer.status_code, answer.json["detail"]) == (400, 'a "quoted" word')


TEAPOT = Outcome(json.dumps({"statusCode": 418, "body": ""}).encode())


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/identity/verify/x", 401),
        ("HEAD", "/identity/verify/x", 401),
        ("DELETE", "/identity/verify/x", 401),
        ("POST", "/identity/verify", 401),
        ("GET", "/openapi.json", 418),
        ("PUT", "/identity/verify/x", 404),
        ("POST", "/openapi.json", 404),
    ],
)
def test_a_method_has_the_authorizer_of_its_own_event_and_one_without_event_is_no_route(method, path, code):
    assert Client(application(lambda *_: TEAPOT)).open(path, method=method).status_code == code


@pytest.mark.parametrize("path", ["/identity/verify", "/docs"])
def test_a_browser_is_told_by_the_gateway_what_it_may_send(path):
    answer = Client(application(lambda *_: TEAPOT)).open(path, method="OPTIONS")

    assert answer.status_code == 200
    assert {"GET", "POST"} <= set(answer.headers["Access-Control-Allow-Methods"].split(","))  # SAM's front names all
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_gateways_answers_name_their_request():
    answer = answered(sam_says(401, "Unauthorized"))

    assert answer.json["request_id"] == answer.headers["x-amzn-RequestId"]


def test_more_than_ten_megabytes_are_refused_before_anyone_is_asked():
    answer = answered(sam_says(500, "never asked"), data=b"x" * (MAX_REQUEST_BYTES + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_ten_megabytes_exactly_are_passed_on():
    answer = answered(sam_says(400, "asked"), data=b"x" * MAX_REQUEST_BYTES)

    assert answer.json["detail"] == "asked"


@pytest.mark.parametrize(
    ("content_type", "arrives"),
    [("multipart/form-data; boundary=x", b"\xff\xd8"), ("text/plain", "\ufffd\ufffd".encode())],
)
def test_only_binary_media_types_arrive_as_they_were_sent(content_type, arrives):
    seen = []

    @Request.application
    def front(request):
        seen.append(request.get_data())
        return Response("{}")

    answered(front, data=b"\xff\xd8", content_type=content_type)

    assert seen == [arrives]
