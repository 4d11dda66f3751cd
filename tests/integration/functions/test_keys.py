"""The routes of keys, through the authorizer and back."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import boto3
import pytest

from cari_api.auth import key_service, keys, quota
from cari_core.errors import KeyNotActive
from functions.authorizer import app as authorizer
from functions.keys import app
from tests.integration.functions import callers
from tests.integration.functions.callers import holder, with_key
from tests.integration.functions.requests import CONTEXT, event, post

pytestmark = pytest.mark.usefixtures("aws")
DAY_S = 86_400


@pytest.fixture
def admin():
    return holder(name="the admin's")


def made(by, **changes):
    answer = by.ask("POST", "/identity/keys", {"name": "checkout", "scopes": ["verify", "read"], **changes})
    assert answer.status == 201, answer.body
    return answer.body


def rotated(by, identifier, **body):
    return by.ask("POST", f"/identity/keys/{identifier}/rotate", body)


def revoked(by, identifier):
    return by.ask("DELETE", f"/identity/keys/{identifier}")


def known(by):
    return {key["id"]: key for key in by.ask("GET", "/identity/keys").body["keys"]}


def is_accepted(key):
    found = keys.find(boto3.resource("dynamodb").Table("keys"), key)
    return found is not None and found.is_usable(time.time())


def seconds_from_now(moment):
    return datetime.fromisoformat(moment).timestamp() - time.time()


def test_a_key_that_was_made_opens_what_it_was_made_for(admin):
    new = with_key(made(admin)["secret"], admin)

    assert new.ask("GET", "/identity/verify/" + "0" * 24).status == 404
    assert new.ask("GET", "/identity/keys").body["scope"] == "admin"


def test_a_key_is_shown_once_and_stored_nowhere(admin):
    secret = made(admin)["secret"].partition("_")[2]

    assert secret not in str(known(admin))
    assert secret not in str(boto3.resource("dynamodb").Table("keys").scan()["Items"])


def test_a_list_tells_everything_of_a_key_but_its_secret(admin):
    new = made(admin, expires_in_days=2)

    told = known(admin)[new["key"]["id"]]
    assert told == new["key"]
    assert (told["name"], told["scopes"], told["mode"], told["state"]) == (
        "checkout",
        ["verify", "read"],
        "dev",
        "active",
    )
    assert told["hint"] == "dev_…" + new["secret"][-4:]
    assert seconds_from_now(told["expires_at"]) == pytest.approx(2 * DAY_S, abs=60)
    assert seconds_from_now(told["created_at"]) == pytest.approx(0, abs=60)
    assert told["last_used_at"] is None


def test_a_list_says_when_a_key_was_last_used(admin):
    assert seconds_from_now(known(admin)[admin.key_id]["last_used_at"]) == pytest.approx(0, abs=60)


def test_an_expired_key_is_listed_as_such(admin):
    expired = holder(expires_at=int(time.time()) - 1, id="f" * 24)

    assert known(admin)[expired.key_id]["state"] == "expired"


def test_a_key_without_an_end_has_none(admin):
    assert made(admin)["key"]["expires_at"] is None


@pytest.mark.parametrize("scope", ["verify", "read", "delete"])
def test_nobody_grants_a_scope_that_they_do_not_have(scope):
    limited = holder(scopes=("admin",))

    answer = limited.ask("POST", "/identity/keys", {"name": "more", "scopes": ["admin", scope]})

    assert (answer.status, answer.body["code"], answer.body["scope"]) == (403, "insufficient_scope", scope)
    assert len(known(limited)) == 1


def test_nobody_gets_a_scope_by_rotating_a_key_that_has_it(admin):
    limited, other = holder(scopes=("admin",)), made(admin)

    answer = rotated(limited, other["key"]["id"])

    assert (answer.status, answer.body["code"], answer.body["scope"]) == (403, "insufficient_scope", "verify")
    assert known(admin)[other["key"]["id"]]["expires_at"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/identity/keys"),
        ("GET", "/identity/keys"),
        ("HEAD", "/identity/keys"),
        ("POST", f"/identity/keys/{'0' * 24}/rotate"),
        ("DELETE", f"/identity/keys/{'0' * 24}"),
    ],
)
def test_managing_keys_needs_the_scope_admin(method, path):
    answer = holder(scopes=("verify", "read", "delete")).ask(method, path, {} if method == "POST" else None)

    assert (answer.status, (answer.body or {}).get("scope", "admin")) == (403, "admin")


def test_a_caller_of_whom_no_scopes_are_told_manages_no_keys():
    assert app.handler(event("GET", "/identity/keys"), CONTEXT)["statusCode"] == 403


def test_a_call_that_came_without_a_key_is_refused_whatever_let_it_through():
    request = event("GET", "/identity/keys")
    del request["requestContext"]["authorizer"]

    assert app.handler(request, CONTEXT)["statusCode"] == 401


def test_a_new_key_is_held_to_the_limits_of_the_key_that_made_it():
    limited = holder(requests_per_minute=7, verifications_per_month=5, usage_key="of-this-tenant")

    new = keys.find(boto3.resource("dynamodb").Table("keys"), made(limited)["secret"])

    assert (new.requests_per_minute, new.verifications_per_month, new.usage_key) == (7, 5, "of-this-tenant")


def test_a_rotated_key_has_a_successor_like_itself_and_works_on_for_the_overlap(admin):
    old = made(admin)

    answer = rotated(admin, old["key"]["id"], overlap_hours=2)

    assert answer.status == 201
    same = ("name", "scopes", "mode", "state", "expires_at")
    assert [answer.body["key"][part] for part in same] == [old["key"][part] for part in same]
    assert answer.body["key"]["id"] != old["key"]["id"]
    assert (is_accepted(old["secret"]), is_accepted(answer.body["secret"])) == (True, True)
    assert seconds_from_now(answer.body["replaces"]["expires_at"]) == pytest.approx(2 * 3600, abs=60)
    assert known(admin)[old["key"]["id"]] == answer.body["replaces"]


def test_a_rotation_overlaps_for_a_day_unless_said(admin):
    answer = rotated(admin, made(admin)["key"]["id"])

    assert seconds_from_now(answer.body["replaces"]["expires_at"]) == pytest.approx(DAY_S, abs=60)


def test_without_an_overlap_the_old_key_ends_at_once(admin):
    old = made(admin)

    answer = rotated(admin, old["key"]["id"], overlap_hours=0)

    assert (is_accepted(old["secret"]), is_accepted(answer.body["secret"])) == (False, True)
    assert answer.body["replaces"]["state"] == "expired"


def test_a_key_rotates_itself(admin):
    answer = rotated(admin, admin.key_id, overlap_hours=0)

    assert known(with_key(answer.body["secret"], admin))[admin.key_id]["state"] == "expired"


def test_a_successor_lives_as_long_as_the_key_before_was_made_for(admin):
    old = made(admin, expires_in_days=30)["key"]["id"]

    answer = rotated(admin, old, overlap_hours=1)

    assert seconds_from_now(answer.body["key"]["expires_at"]) == pytest.approx(30 * DAY_S, abs=60)
    assert seconds_from_now(answer.body["replaces"]["expires_at"]) == pytest.approx(3600, abs=60)


def test_a_key_is_rotated_once_and_then_its_successor_is(admin):
    old = made(admin)["key"]["id"]
    successor = rotated(admin, old).body["key"]["id"]

    again = rotated(admin, old)

    assert (again.status, again.body["code"]) == (409, "key_not_active")
    assert successor in again.body["detail"]
    assert rotated(admin, successor).status == 201


def test_of_sixteen_rotations_at_once_one_makes_a_key(admin):
    table, old = boto3.resource("dynamodb").Table("keys"), made(admin)["key"]["id"]
    by = keys.find(table, admin.key)

    def rotates(_: int) -> bool:
        try:
            key_service.rotate(table, by, old, keys.new_key("dev"), 0, time.time())
        except KeyNotActive:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(rotates, range(16))) == 1
    assert len(known(admin)) == 3


@pytest.mark.parametrize("asked", [{}, {"expires_in_days": 30}])
def test_a_key_ends_no_later_than_the_key_that_made_it(asked):
    short = holder(expires_at=int(time.time()) + DAY_S)

    assert seconds_from_now(made(short, **asked)["key"]["expires_at"]) == pytest.approx(DAY_S, abs=60)


def test_a_successor_ends_no_later_than_the_key_that_rotated(admin):
    endless = made(admin)["key"]["id"]
    short = holder(expires_at=int(time.time()) + DAY_S, lifetime_s=DAY_S, id="e" * 24)

    of_another, own = rotated(short, endless), rotated(short, short.key_id)

    for answer in (of_another, own):
        assert seconds_from_now(answer.body["key"]["expires_at"]) == pytest.approx(DAY_S, abs=60)


def test_a_key_that_was_revoked_makes_no_key_while_the_gateway_still_trusts_it(admin, monkeypatch):
    other = holder(id="e" * 24)
    allowed = authorizer.handler({"authorizationToken": other.key, "methodArn": callers.METHOD}, CONTEXT)
    revoked(admin, other.key_id)
    monkeypatch.setattr(authorizer, "handler", lambda *_: allowed)

    answer = other.ask("POST", "/identity/keys", {"name": "late", "scopes": ["verify"]})

    assert (answer.status, answer.body["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_made_key_uses_up_what_the_key_that_made_it_has_left(monkeypatch):
    monkeypatch.setattr(quota, "minute_of", lambda now: quota.Window("minute#1", int(now) + 60))  # it ends in no test
    first = holder(requests_per_minute=3)
    child = with_key(made(first, scopes=["admin"])["secret"], first)
    grandchild = with_key(made(child, scopes=["admin"])["secret"], first)

    lefts = [one.ask("GET", "/identity/keys").headers["RateLimit-Remaining"] for one in (grandchild, first)]

    assert lefts == ["0", "0"]
    assert grandchild.ask("GET", "/identity/keys").status == 429


def test_a_request_for_a_key_is_repeated_safely_and_shows_the_same_key(admin):
    asked = {"name": "checkout", "scopes": ["verify"]}

    first, second = (admin.ask("POST", "/identity/keys", asked, Idempotency_Key="once") for _ in range(2))

    assert first.body == second.body
    assert (first.headers.get("Idempotent-Replayed"), second.headers["Idempotent-Replayed"]) == (None, "true")
    assert len(known(admin)) == 2
    assert is_accepted(first.body["secret"])


def test_a_rotation_is_repeated_safely_and_shows_the_same_key(admin):
    old = made(admin)["key"]["id"]
    path = f"/identity/keys/{old}/rotate"

    first, second = (admin.ask("POST", path, {}, Idempotency_Key="once") for _ in range(2))

    assert first.body == second.body
    assert (first.status, second.status, len(known(admin))) == (201, 201, 3)


def test_a_key_that_was_made_is_shown_to_no_other_key_by_its_idempotency_key(admin):
    asked = {"name": "checkout", "scopes": ["verify"]}
    admin.ask("POST", "/identity/keys", asked, Idempotency_Key="once")

    answer = holder(id="e" * 24).ask("POST", "/identity/keys", asked, Idempotency_Key="once")

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")


def test_nothing_that_is_stored_makes_a_secret_again(admin):
    secret = admin.ask("POST", "/identity/keys", {"name": "x", "scopes": ["verify"]}, Idempotency_Key="once")

    stored = str([boto3.resource("dynamodb").Table(name).scan()["Items"] for name in ("keys", "idempotency")])
    salts = re.findall(r"[0-9a-f]{32}", stored)
    assert salts
    assert secret.body["secret"] not in {keys.derived_key("dev", "", salt) for salt in salts}


def test_a_made_key_is_found_where_its_answer_says(admin):
    answer = admin.ask("POST", "/identity/keys", {"name": "checkout", "scopes": ["verify"]})

    found = admin.ask("GET", answer.headers["Location"])

    assert (found.status, found.body) == (200, answer.body["key"])


def test_a_successor_uses_up_what_the_key_before_had_left(monkeypatch):
    monkeypatch.setattr(quota, "minute_of", lambda now: quota.Window("minute#1", int(now) + 60))  # it ends in no test
    first = holder(requests_per_minute=3)
    answer = rotated(first, first.key_id)
    second = with_key(answer.body["secret"], first)
    third = with_key(rotated(second, answer.body["key"]["id"]).body["secret"], first)

    lefts = [one.ask("GET", "/identity/keys").headers["RateLimit-Remaining"] for one in (third, second, first)]

    assert lefts == ["0", "0", "0"]
    assert third.ask("GET", "/identity/keys").status == 429


@pytest.mark.parametrize("ended", [{"state": "revoked"}, {"expires_at": 1_000_000_000}])
def test_a_key_that_ended_is_not_rotated(admin, ended):
    old = holder(**ended, id="e" * 24)

    answer = rotated(admin, old.key_id)

    assert (answer.status, answer.body["code"], answer.body["field"]) == (409, "key_not_active", "id")
    assert len(known(admin)) == 2


def test_a_key_that_another_revoked_at_the_same_moment_is_not_rotated(admin, monkeypatch):
    old = made(admin)["key"]["id"]
    monkeypatch.setattr(keys, "replace_key", lambda *_: None)

    answer = rotated(admin, old)

    assert (answer.status, answer.body["code"]) == (409, "key_not_active")


def test_a_revoked_key_opens_nothing_and_revoking_again_changes_nothing(admin):
    new = made(admin)

    first, second = revoked(admin, new["key"]["id"]), revoked(admin, new["key"]["id"])

    assert (first.status, first.body["state"]) == (200, "revoked")
    assert (second.status, second.body) == (200, first.body)
    assert not is_accepted(new["secret"])


def test_a_key_does_not_revoke_itself(admin):
    answer = revoked(admin, admin.key_id)

    assert (answer.status, answer.body["code"]) == (409, "own_key")
    assert is_accepted(admin.key)


def test_an_unknown_key_is_not_found(admin):
    for answer in (revoked(admin, "0" * 24), rotated(admin, "0" * 24), revoked(admin, "x" * 2000)):
        assert (answer.status, answer.body["code"], answer.body["field"]) == (404, "not_found", "id")


def test_there_are_only_so_many_usable_keys(admin, monkeypatch):
    monkeypatch.setattr(key_service, "MAX_USABLE", 2)
    second = made(admin)["key"]["id"]

    refused = admin.ask("POST", "/identity/keys", {"name": "third", "scopes": ["read"]})
    not_rotated = rotated(admin, second)
    revoked(admin, second)

    assert (refused.status, refused.body["code"], not_rotated.body["code"]) == (409, "too_many_keys", "too_many_keys")
    assert made(admin)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": 7}, "name"),
        ({"name": None}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes[0]"),
        ({"scopes": "read"}, "scopes"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 3651}, "expires_in_days"),
        ({"expires_in_days": "5"}, "expires_in_days"),
        ({"expires_in_days": 1.5}, "expires_in_days"),
        ({"expires_in_days": True}, "expires_in_days"),
        ({"tenant": "b" * 24}, "tenant"),
        ({"mode": "live"}, "mode"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_and_makes_no_key(admin, wrong, field):
    answer = admin.ask("POST", "/identity/keys", {"name": "checkout", "scopes": ["read"], **wrong})

    assert (answer.status, answer.body["code"], answer.body["field"]) == (422, "validation_failed", field)
    assert len(known(admin)) == 1


def test_a_whole_number_may_be_written_as_json_writes_any_number(admin):
    made_key = made(admin, expires_in_days=2.0)["key"]

    assert rotated(admin, made_key["id"], overlap_hours=1.0).status == 201


@pytest.mark.parametrize("hours", [-1, 169, "24", 1.5, None, True])
def test_an_overlap_is_whole_hours_of_a_week_at_most(admin, hours):
    answer = rotated(admin, made(admin)["key"]["id"], overlap_hours=hours)

    assert (answer.status, answer.body["field"]) == (422, "overlap_hours")


@pytest.mark.parametrize("path", ["/identity/keys", f"/identity/keys/{'0' * 24}/rotate"])
def test_what_is_not_json_is_told_the_shape(admin, path):
    answer = admin.send({**post(b"{}", "text/plain"), "path": path})

    assert (answer.status, answer.body["code"]) == (415, "unsupported_media_type")
    assert "application/json" in answer.body["detail"]
