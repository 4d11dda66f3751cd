import time

import boto3
import pytest

from cari_common import keys
from cari_common.keys import KeyRecord
from functions.authorizer import app

pytestmark = pytest.mark.usefixtures("aws")
METHOD = "arn:aws:execute-api:eu-west-1:123456789012:api/dev/POST/identity/verify"


def registered(mode="dev", **changes):
    key = keys.new_key(mode)
    record = KeyRecord(**{"tenant": "a" * 24, "mode": mode, "state": "active", **changes})
    keys.register(boto3.resource("dynamodb").Table("keys"), key, record)
    return key


@pytest.fixture(autouse=True)
def fresh_table():
    app._table.cache_clear()  # noqa: SLF001  # each test has a table of its own


def authorized(key):
    return app.handler({"type": "TOKEN", "authorizationToken": key, "methodArn": METHOD}, None)


def test_the_policy_covers_the_whole_stage():
    statement = authorized(registered())["policyDocument"]["Statement"][0]

    assert (statement["Effect"], statement["Resource"]) == (
        "Allow",
        "arn:aws:execute-api:eu-west-1:123456789012:api/dev/*",
    )


@pytest.mark.parametrize("mode", ["dev", "live"])
def test_the_context_carries_tenant_and_mode(mode):
    assert authorized(registered(mode))["context"] == {"tenant": "a" * 24, "mode": mode}


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
