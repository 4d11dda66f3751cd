import time

import boto3
import pytest

from cari_api.auth import caller, keys
from cari_api.auth.keys import KeyRecord
from cari_aws import clients
from functions.authorizer import app
from tests.integration.functions.requests import CONTEXT

pytestmark = pytest.mark.usefixtures("aws")
METHOD = "arn:aws:execute-api:eu-west-1:123456789012:api/dev/POST/identity/verify"


def registered(mode="dev", **changes):
    key = keys.new_key(mode)
    record = KeyRecord(**{"tenant": "a" * 24, "mode": mode, "state": "active", **changes})
    keys.register(boto3.resource("dynamodb").Table("keys"), key, record)
    return key


@pytest.fixture(autouse=True)
def fresh_table():
    clients.forget()


def authorized(key):
    return app.handler({"type": "TOKEN", "authorizationToken": key, "methodArn": METHOD}, CONTEXT)


def test_the_policy_covers_the_whole_stage():
    statement = authorized(registered())["policyDocument"]["Statement"][0]

    assert (statement["Effect"], statement["Resource"]) == (
        "Allow",
        "arn:aws:execute-api:eu-west-1:123456789012:api/dev/*",
    )


def test_requests_are_counted_in_the_tenants_own_place_of_the_usage_plan():
    key = registered("live", usage_key="of-this-tenant-alone")

    assert authorized(key)["usageIdentifierKey"] == "of-this-tenant-alone"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  "])
def test_a_key_may_stand_behind_bearer(scheme):
    key = registered()

    assert authorized(scheme + key)["principalId"] == authorized(key)["principalId"]


@pytest.mark.parametrize("scheme", ["Basic ", "Bearer", " Bearer ", "Bearer Bearer "])
def test_a_key_behind_another_scheme_is_none(scheme):
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorized(scheme + registered())


@pytest.mark.parametrize("mode", ["dev", "live"])
def test_the_context_says_whose_the_key_is_and_what_it_may_do(mode):
    key = registered(mode, id="b" * 24, scopes=("verify", "admin"))

    assert authorized(key)["context"] == {
        "tenant": "a" * 24,
        "mode": mode,
        "key_id": "b" * 24,
        "scopes": "verify admin",
        "quota_id": "b" * 24,
    }


def test_the_context_carries_a_keys_own_limits_and_what_it_is_counted_under():
    key = registered(quota_id="c" * 24, requests_per_minute=5, verifications_per_month=0)

    assert (
        authorized(key)["context"].items()
        >= {
            "quota_id": "c" * 24,
            "requests_per_minute": "5",
            "verifications_per_month": "0",
        }.items()
    )


def test_a_function_reads_of_the_caller_what_the_authorizer_wrote():
    key = registered("live", id="b" * 24, scopes=("read",), requests_per_minute=5)

    assert caller.of({"requestContext": {"authorizer": authorized(key)["context"]}}) == caller.Caller(
        "a" * 24, "live", ("read",), "b" * 24, "b" * 24, requests_per_minute=5
    )


def test_the_use_of_a_key_is_noted():
    key = registered()

    authorized(key)

    assert time.time() - keys.find(boto3.resource("dynamodb").Table("keys"), key).last_used_at < 60


def test_a_key_whose_use_cannot_be_noted_is_authorized(monkeypatch, logged):
    monkeypatch.setattr(app, "table_asked_once", lambda _: boto3.resource("dynamodb").Table("nowhere"))

    assert authorized(registered())["principalId"] == "a" * 24
    assert "use of a key not noted" in logged.getvalue()


def test_each_mode_has_its_usage_plan():
    plans = [authorized(registered(mode))["usageIdentifierKey"] for mode in ("dev", "live")]

    assert plans == ["usage-dev-0123456789", "usage-live-0123456789"]


@pytest.mark.parametrize("refused", [{"state": "revoked"}, {"expires_at": int(time.time()) - 1}])
def test_a_revoked_or_expired_key_is_unauthorized(refused):
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorized(registered(**refused))


@pytest.mark.parametrize("key", ["dev_00000000-0000-4000-8000-000000000000", "nonsense", ""])
def test_an_unknown_key_is_unauthorized(key):
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorized(key)
