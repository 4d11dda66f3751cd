import json

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from local import template
from local.gateway import MAX_REQUEST_BYTES, Gateway, _Runner
from local.runtime import Outcome

API = template.read()["Resources"]["Api"]["Properties"]
ALLOWED = {"principalId": "tenant"}


class Cloud:
    """Answers what a test says, and counts how often it is asked."""

    def __init__(self, *outcomes: Outcome):
        self.outcomes, self.events = list(outcomes), []

    def invoke(self, _logical_id: str, event: bytes) -> Outcome:
        self.events.append(json.loads(event))
        return self.outcomes.pop(0)


class Out:
    written = ""

    def write_str(self, text: str):
        self.written += text

    def flush(self):
        pass


def runner(*outcomes: Outcome) -> _Runner:
    made = _Runner(Cloud(*outcomes), API)
    made.begin("the-request")
    return made


def authorize(made: _Runner, token: str = "dev_1") -> str:
    out = Out()
    made.invoke("AuthorizerFunction", json.dumps({"authorizationToken": token}), stdout=out)
    return out.written


def answered(front, **request):
    gateway = Gateway(front, API, runner())
    return Client(gateway).post("/identity/verify", **request)


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


def test_the_gateways_answers_name_their_request():
    answer = answered(sam_says(401, "Unauthorized"))

    assert answer.json["request_id"] == answer.headers["x-amzn-RequestId"]


def test_ten_megabytes_are_refused_before_anyone_is_asked():
    answer = answered(sam_says(500, "never asked"), data=b"x" * (MAX_REQUEST_BYTES + 1))

    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


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


def test_the_authorizer_is_asked_once_while_its_answer_is_cached():
    made = runner(Outcome(json.dumps(ALLOWED).encode()))

    first, second = authorize(made), authorize(made)

    assert first == second == json.dumps(ALLOWED)


def test_another_key_is_asked_about_anew():
    made = runner(Outcome(b'{"principalId": "a"}'), Outcome(b'{"principalId": "b"}'))

    assert authorize(made, "dev_1") != authorize(made, "dev_2")


def test_a_refusal_is_a_401_and_is_not_cached():
    refusal = Outcome(b'{"errorMessage": "Unauthorized"}', failed=True)
    made = runner(refusal, Outcome(json.dumps(ALLOWED).encode()))

    authorize(made)

    assert made.refusal == "UNAUTHORIZED"
    assert authorize(made) == json.dumps(ALLOWED)


def test_a_broken_authorizer_is_our_fault():
    made = runner(Outcome(b'{"errorMessage": "KeyError"}', failed=True))

    authorize(made)

    assert made.refusal == "AUTHORIZER_FAILURE"


def test_the_function_sees_the_request_id_that_the_caller_gets():
    cloud = Cloud(Outcome(b"{}"))
    made = _Runner(cloud, API)
    made.begin("the-request")

    made.invoke("VerifyFunction", json.dumps({"requestContext": {}}), stdout=Out())

    assert cloud.events[0]["requestContext"]["requestId"] == "the-request"


def test_a_payload_too_large_for_lambda_is_a_413():
    made = runner(Outcome(b'{"errorType": "RequestTooLarge"}', failed=True))

    made.invoke("VerifyFunction", json.dumps({"requestContext": {}}), stdout=Out())

    assert made.refusal == "REQUEST_TOO_LARGE"
