"""Keys over HTTP, from the first that an operator makes to the last that is revoked."""

import pytest
import requests

from cari_api.auth import scopes
from local import key as make_key

TIMEOUT_S = 60
TENANT = "7e57" * 6
NOTHING = "/identity/verify/" + "0" * 24


@pytest.fixture
def ask(stack):
    def ask(key, method, path, body=None):
        return requests.request(method, stack.url + path, json=body, headers={"Authorization": key}, timeout=TIMEOUT_S)

    return ask


@pytest.fixture
def admin(stack):
    return stack.add_key(tenant=TENANT, scopes=scopes.ALL)


def test_a_key_that_a_tenant_made_verifies(stack, ask, admin, specimens):
    made = ask(admin, "POST", "/identity/keys", {"name": "checkout", "scopes": ["verify"], "expires_in_days": 1})
    key = made.json()["secret"]

    answer = requests.post(
        f"{stack.url}/identity/verify",
        data={"type": "passport"},
        files=specimens,
        headers={"Authorization": key},
        timeout=TIMEOUT_S,
    )

    assert (made.status_code, answer.status_code, answer.json()["status"]) == (201, 200, "approved")
    assert answer.headers["RateLimit-Limit"] == str(10**9)
    assert ask(key, "GET", f"/identity/verify/{answer.json()['id']}").json()["code"] == "insufficient_scope"


def test_a_key_is_rotated_and_the_one_before_revoked(ask, admin):
    old = ask(admin, "POST", "/identity/keys", {"name": "server", "scopes": ["read"]}).json()
    new = ask(admin, "POST", f"/identity/keys/{old['key']['id']}/rotate", {"overlap_hours": 1})

    revoked = ask(admin, "DELETE", f"/identity/keys/{old['key']['id']}")

    assert (new.status_code, revoked.status_code, revoked.json()["state"]) == (201, 200, "revoked")
    assert ask(old["secret"], "GET", NOTHING).status_code == 401
    assert ask(new.json()["secret"], "GET", NOTHING).status_code == 404
    listed = {key["id"]: key["state"] for key in ask(admin, "GET", "/identity/keys").json()["keys"]}
    assert (listed[old["key"]["id"]], listed[new.json()["key"]["id"]]) == ("revoked", "active")


def test_a_request_too_many_is_a_429(stack, ask):
    key = stack.add_key(requests_per_minute=2)

    answers = [ask(key, "GET", NOTHING) for _ in range(5)]  # three of them in one minute, wherever it ends

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].json()["code"] == "rate_limited"
    assert refused[0].headers["Retry-After"] == refused[0].headers["RateLimit-Reset"]


def test_a_month_used_up_is_a_429(stack, specimens):
    key = stack.add_key(verifications_per_month=0)

    answer = requests.post(
        f"{stack.url}/identity/verify", files=specimens, headers={"Authorization": key}, timeout=TIMEOUT_S
    )

    assert (answer.status_code, answer.json()["code"]) == (429, "quota_exceeded")


def test_the_key_of_make_run_may_do_everything(stack, ask):
    assert ask(stack.key, "GET", "/identity/keys").status_code == 200


def test_an_operators_key_opens_the_running_stack(stack, stack_state, ask, capsys):
    assert stack.url

    made = make_key.main(["create", "--name", "mine", "--mode", "live", "--scopes", "read"], stack_state)

    key = capsys.readouterr().out.strip()
    assert (made, key.partition("_")[0]) == (0, "live")
    assert ask(key, "GET", NOTHING).status_code == 404


def test_without_a_stack_the_operator_is_told_to_start_one(tmp_path, capsys):
    assert make_key.main(["create", "--name", "mine"], tmp_path) == 1
    assert "make run" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/identity/keys", f"/identity/keys/{'0' * 24}", f"/identity/keys/{'0' * 24}/rotate"])
def test_a_browsers_preflight_needs_no_key(stack, path):
    assert requests.options(stack.url + path, timeout=TIMEOUT_S).status_code == 200
