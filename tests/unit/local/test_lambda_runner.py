import json
import threading

import pytest

from local import template
from local.gateway.lambda_runner import LambdaRunner
from local.lambda_runtime.runtime_api import Outcome, failure

AUTHORIZER = template.read()["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["ApiKeyAuthorizer"]
TTL_S = AUTHORIZER["Identity"]["ReauthorizeEvery"]
ALLOWED = Outcome(b'{"principalId": "tenant"}')
REFUSED = failure("Exception", "Unauthorized")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


class Out:
    written = ""

    def write_str(self, text: str):
        self.written += text

    def flush(self):
        pass


def runner(*outcomes: Outcome, clock=None, seen=None) -> LambdaRunner:
    """A runner whose functions answer `outcomes`, in turn, and that keeps what they were sent in `seen`."""
    remaining = iter(outcomes)

    def invoke(_name: str, event: bytes) -> Outcome:
        if seen is not None:
            seen.append(json.loads(event))
        return next(remaining)

    made = LambdaRunner(invoke, AUTHORIZER, clock or Clock())
    made.begin("the-request")
    return made


def authorize(made: LambdaRunner, token: str = "dev_1") -> str:
    out = Out()
    made.invoke("AuthorizerFunction", json.dumps({"authorizationToken": token}), stdout=out)
    return out.written


def verify(made: LambdaRunner) -> str:
    out = Out()
    made.invoke("VerifyFunction", json.dumps({"requestContext": {}}), stdout=out)
    return out.written


def test_the_authorizer_is_asked_once_while_its_answer_is_cached():
    made = runner(ALLOWED)

    assert authorize(made) == authorize(made)


def test_a_revoked_key_lives_no_longer_than_the_cache():
    clock = Clock()
    made = runner(ALLOWED, REFUSED, clock=clock)
    authorize(made)

    clock.now += TTL_S
    authorize(made)

    assert made.refusal == "UNAUTHORIZED"


def test_using_a_cached_answer_does_not_make_it_live_longer():
    clock = Clock()
    made = runner(ALLOWED, REFUSED, clock=clock)
    authorize(made)

    for _ in range(2):
        clock.now += TTL_S / 2
        authorize(made)

    assert made.refusal == "UNAUTHORIZED"


def test_another_key_is_asked_about_anew():
    made = runner(Outcome(b'{"principalId": "a"}'), Outcome(b'{"principalId": "b"}'))

    assert authorize(made, "dev_1") != authorize(made, "dev_2")


def test_a_refusal_is_not_cached():
    made = runner(REFUSED, ALLOWED)

    authorize(made)

    assert authorize(made) == ALLOWED.payload.decode()


def test_a_broken_authorizer_is_our_fault():
    made = runner(failure("KeyError", "tenant"))

    authorize(made)

    assert made.refusal == "AUTHORIZER_FAILURE"


def test_the_function_sees_the_request_id_that_the_caller_gets():
    seen = []

    verify(runner(Outcome(b'{"statusCode": 200}'), seen=seen))

    assert seen[0]["requestContext"]["requestId"] == "the-request"


def test_a_functions_answer_is_passed_on():
    made = runner(Outcome(b'{"statusCode": 418}'))

    assert verify(made) == '{"statusCode": 418}'
    assert (made.is_answered, made.refusal) == (True, None)


@pytest.mark.parametrize(
    ("outcome", "refusal"),
    [
        (failure("RequestTooLarge", ""), "REQUEST_TOO_LARGE"),
        (failure("Sandbox.Timedout", ""), "INTEGRATION_FAILURE"),
        (failure("Runtime.ExitError", ""), "INTEGRATION_FAILURE"),
        (Outcome(b'"no proxy answer"'), "INTEGRATION_FAILURE"),
        (Outcome(b"null"), "INTEGRATION_FAILURE"),
    ],
)
def test_what_is_no_answer_becomes_a_gateway_response(outcome, refusal):
    made = runner(outcome)

    verify(made)

    assert (made.is_answered, made.refusal) == (False, refusal)


def test_a_function_that_outlasts_the_gateway_is_a_timeout(monkeypatch):
    monkeypatch.setattr("local.gateway.lambda_runner.INTEGRATION_TIMEOUT_S", 0.01)
    ending = threading.Event()
    made = LambdaRunner(lambda *_: ending.wait() and Outcome(b"{}"), AUTHORIZER)
    made.begin("the-request")

    verify(made)
    ending.set()

    assert made.refusal == "INTEGRATION_TIMEOUT"


def test_a_request_forgets_the_one_before_it():
    made = runner(failure("Runtime.ExitError", ""))
    verify(made)

    made.begin("the-next")

    assert (made.is_answered, made.refusal) == (False, None)
