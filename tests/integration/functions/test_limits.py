"""Scopes and quotas, as a caller of any route meets them."""

import json
import time

import boto3
import pytest

from cari_api.auth import quota
from cari_core.errors import RateLimited
from tests.integration.functions import api as app
from tests.integration.functions.callers import holder
from tests.integration.functions.requests import CONTEXT, event, get, multipart, post, whole_form, without_a_key

pytestmark = pytest.mark.usefixtures("aws", "good_answers")
ID = "0" * 24
UPLOAD = {"files": [{"side": "front", "content_type": "image/jpeg", "size_bytes": 5, "sha256": "0" * 64}]}


@pytest.fixture(autouse=True)
def endless_minute(monkeypatch):
    """Let no minute end within a test."""
    monkeypatch.setattr(quota, "minute_of", lambda now: quota.Window("minute#1", int(now) + 60))


def counts():
    items = boto3.resource("dynamodb").Table("quota").scan()["Items"]
    return {item["window"].partition("#")[0]: item["used"] for item in items}


def verifications():
    kept = boto3.resource("dynamodb").Table("verifications").scan()["Items"]
    return [item for item in kept if not item["id"].startswith("record#")]


@pytest.mark.parametrize(
    ("call", "scope"),
    [
        (lambda by: by.verify(), "verify"),
        (lambda by: by.ask("POST", "/identity/verify", {"selfie": "x", "front": "x"}), "verify"),
        (lambda by: by.ask("POST", "/identity/verify/", {"selfie": "x", "front": "x"}), "verify"),
        (lambda by: by.ask("POST", "/identity/uploads", UPLOAD), "verify"),
        (lambda by: by.ask("GET", f"/identity/verify/{ID}"), "read"),
    ],
)
def test_a_call_is_refused_for_want_of_its_scope_alone(call, scope):
    without = holder(scopes=tuple({"verify", "read", "delete", "admin"} - {scope}))

    refused, allowed = call(without), call(holder(scopes=(scope,)))

    assert (refused.status, refused.body["code"], refused.body["scope"]) == (403, "insufficient_scope", scope)
    assert f"'{scope}'" in refused.body["detail"]
    assert allowed.status != 403


def test_head_needs_the_scope_that_get_needs():
    assert holder(scopes=("verify",)).ask("HEAD", f"/identity/verify/{ID}").status == 403


def test_a_call_of_whose_key_no_scopes_are_told_may_do_all_but_manage_keys():
    statuses = [
        app.handler(one, CONTEXT)["statusCode"]
        for one in (post(multipart(whole_form())), get(f"/identity/verify/{ID}"))
    ]

    assert statuses == [200, 404]


def test_a_call_that_came_without_a_key_is_refused_whatever_let_it_through():
    request = get(f"/identity/verify/{ID}")
    del request["requestContext"]["authorizer"]

    answer = app.handler(request, CONTEXT)

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (401, "unauthorized")


@pytest.mark.parametrize(
    "call",
    [
        lambda by: by.verify(),
        lambda by: by.ask("GET", f"/identity/verify/{ID}"),
        lambda by: by.ask("POST", "/identity/uploads", UPLOAD),
        lambda by: by.ask("POST", "/identity/uploads", {}),
        lambda by: by.ask("GET", "/identity/keys"),
    ],
)
def test_every_answer_to_a_key_says_what_is_left_of_its_minute(call):
    headers = call(holder(requests_per_minute=9)).headers

    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("9", "8")
    assert 1 <= int(headers["RateLimit-Reset"]) <= 60


def test_a_refusal_for_want_of_a_scope_is_counted_too():
    headers = holder(scopes=("read",), requests_per_minute=9).verify().headers

    assert headers["RateLimit-Remaining"] == "8"


def test_what_needs_no_key_tells_of_no_limit():
    for request in (get("/llms.txt"), event("OPTIONS", "/identity/verify"), event("PUT", "/identity/verify")):
        assert "RateLimit-Limit" not in app.handler(without_a_key(request), CONTEXT)["multiValueHeaders"]


def test_a_request_too_many_is_a_429_that_says_when_to_come_again():
    caller = holder(requests_per_minute=1)
    caller.ask("GET", f"/identity/verify/{ID}")

    answer = caller.verify()

    assert (answer.status, answer.body["code"]) == (429, "rate_limited")
    assert (answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) == ("1", "0")
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]
    assert verifications() == []


def test_a_request_too_many_is_a_429_whatever_else_is_wrong_with_it():
    caller = holder(requests_per_minute=1)
    caller.ask("GET", f"/identity/verify/{ID}")

    answers = [caller.ask("POST", "/identity/uploads", {}), caller.send(post(b"", content_type="text/plain"))]

    assert [answer.status for answer in answers] == [429, 429]


def test_nothing_is_done_for_a_request_that_is_still_being_counted(monkeypatch):
    caller = holder()
    made = caller.verify().body["id"]

    def refused(*_):
        time.sleep(0.2)
        raise RateLimited("Wait.")

    monkeypatch.setattr(quota, "count_request", refused)

    assert caller.ask("DELETE", f"/identity/verify/{made}").status == 429
    assert [item["id"] for item in verifications()] == [made]


def test_what_needs_no_key_is_answered_after_a_refusal():
    caller = holder(requests_per_minute=0, scopes=())
    caller.verify()

    assert app.handler(get("/llms.txt"), CONTEXT)["statusCode"] == 200


def test_a_verification_too_many_is_a_429_and_nothing_is_verified_or_stored():
    caller = holder(verifications_per_month=1)
    caller.verify()

    answer = caller.verify()

    assert (answer.status, answer.body["code"], answer.headers["RateLimit-Limit"]) == (429, "quota_exceeded", "1")
    assert 0 < int(answer.headers["Retry-After"]) <= 31 * 86_400
    assert len(verifications()) == 1
    assert len(boto3.client("s3").list_objects_v2(Bucket="bucket")["Contents"]) == 2


def test_a_verification_over_the_quota_leaves_what_else_the_key_may_do():
    caller = holder(verifications_per_month=1)
    made = caller.verify().body["id"]
    caller.verify()

    assert caller.ask("GET", f"/identity/verify/{made}").status == 200


def test_a_verification_over_the_quota_leaves_its_idempotency_key_free():
    caller = holder(verifications_per_month=0)

    statuses = [caller.verify(Idempotency_Key="one").body["code"] for _ in range(2)]

    assert statuses == ["quota_exceeded", "quota_exceeded"]


def test_only_verifications_that_are_made_count_as_such():
    caller = holder()

    caller.verify(Idempotency_Key="one")
    caller.verify(Idempotency_Key="one")
    caller.send(post(multipart(whole_form(front=b"no picture"))))
    caller.ask("POST", "/identity/uploads", UPLOAD)

    assert counts() == {"minute": 4, "month": 1}


def test_a_verification_that_nobody_waits_for_counts_the_same():
    holder().verify(Prefer="respond-async")

    assert counts()["month"] == 1


def test_the_deployments_limits_hold_where_a_key_has_none_of_its_own(monkeypatch):
    monkeypatch.setenv("VERIFICATIONS_PER_MONTH", "1")
    caller = holder()

    assert [caller.verify().status for _ in range(2)] == [200, 429]


def test_without_its_table_requests_pass_no_verification_is_made_and_the_failure_is_logged(logged):
    boto3.resource("dynamodb").Table("quota").delete()
    caller = holder(requests_per_minute=1, verifications_per_month=1)

    listed, verified = caller.ask("GET", "/identity/verify"), caller.verify()

    assert (listed.status, verified.status, verified.body["code"]) == (200, 503, "quota_unavailable")
    assert ("RateLimit-Limit" in listed.headers, verified.headers["Retry-After"]) == (False, "5")
    assert verifications() == []
    assert "quota not counted" in logged.getvalue()
