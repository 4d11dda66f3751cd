"""Who may call what: every operation, by keys of every single scope, however its path is spelt."""

import re

import pytest

from cari_api.auth import scopes
from cari_api.resolver import SCOPES, Api
from tests.integration.functions import api as verify_app
from tests.integration.functions.callers import holder
from tests.integration.functions.requests import CONTEXT, event
from tools import openapi

ID = "0" * 24
PARAMETERS = {"id": ID, "name": "default", "side": "front"}
OPERATIONS = [
    (method.upper(), re.sub(r"\{(\w+)\}", lambda found: PARAMETERS[found[1]], path), tuple(operation[SCOPES]))
    for path, item in openapi.describe()["paths"].items()
    for method, operation in item.items()
]
SPELLINGS = {
    "as it is": "{}",
    "a slash": "{}/",
    "two slashes": "{}//",
    "a slash before": "/{}",
    "a line feed": "{}\n",
    "a carriage return": "{}\r",
    "a line's end and a slash": "{}\n/",
    "a space": "{} ",
    "a null": "{}\0",
    "a dot": "{}/.",
    "two dots": "{}/x/..",
    "a dot segment": "/.{}",
    "an encoded line feed": "{}%0A",
    "an encoded slash": "{}%2F",
    "a matrix parameter": "{};x=1",
    "a fragment": "{}#",
    "a line separator": "{}\u2028",
}
REFUSED = {400, 401, 403, 404, 405}


def body_of(method):
    return {} if method in ("POST", "PUT") else None


def test_every_operation_below_identity_needs_a_scope_and_no_other_does():
    unguarded = {path for _, path, needed in OPERATIONS if not needed}

    assert not [path for path in unguarded if path.startswith("/identity/")]
    assert [path for _, path, needed in OPERATIONS if needed and not path.startswith("/identity/")] == []


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("scope", scopes.ALL)
def test_no_spelling_of_a_path_leads_a_key_to_what_its_scope_does_not_name(scope):
    caller = holder(scopes=(scope,), requests_per_minute=100_000)
    led_there = [
        (method, how, path, answer.status)
        for turn, (method, path, needed) in enumerate(OPERATIONS)
        if set(needed) - {scope}
        for how, spelling in [*SPELLINGS.items()][
            (turn + scopes.ALL.index(scope)) % 2 :: 2
        ]  # the others by another scope
        for spelt in {spelling.format(path), path.upper()}
        if (answer := caller.ask(method, spelt, body_of(method))).status not in REFUSED
    ]

    assert led_there == []


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(("method", "path", "needed"), [each for each in OPERATIONS if each[2]])
def test_an_operation_names_the_scope_that_a_key_lacks(method, path, needed):
    for scope in needed:
        caller = holder(scopes=tuple(set(scopes.ALL) - {scope}))

        answer = caller.ask(method, path, body_of(method))

        assert (answer.status, answer.body["code"], answer.body["scope"]) == (403, "insufficient_scope", scope)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("character", ["\n", "\r", "\0", "\t", "\x7f"])
def test_a_control_character_in_a_path_is_refused_by_name(character):
    answer = holder().ask("GET", f"/identity/policies/default{character}")

    assert (answer.status, answer.body["code"], answer.body["field"]) == (400, "bad_request", "path")


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("spelling", ["{}/", "{}//"])
def test_a_path_is_the_same_with_slashes_behind_it_and_counts(spelling):
    caller = holder(scopes=("read",), requests_per_minute=1)
    path = spelling.format("/identity/policies")

    assert [caller.ask("GET", path).status for _ in range(2)] == [200, 429]


@pytest.mark.usefixtures("aws")
def test_a_caller_of_whom_the_gateway_tells_no_scopes_may_do_nothing():
    request = event("GET", "/identity/policies")
    del request["requestContext"]["authorizer"]["scopes"]

    assert verify_app.handler(request, CONTEXT)["statusCode"] == 403


def test_a_route_that_names_nobody_cannot_be_made():
    app = Api()

    with pytest.raises(TypeError, match="scope"):
        app.get("/identity/new")
    with pytest.raises(TypeError, match="declares no scope"):
        app.route("/identity/new", "GET")
    with pytest.raises(TypeError, match="declares no scope"):
        app.patch("/identity/new")


def test_a_route_that_powertools_reached_by_another_way_does_not_run(monkeypatch):
    app = Api()
    app.append_context(body={})

    @app.get("/open", scope=scopes.PUBLIC)
    def get_open():
        return {}

    monkeypatch.delattr(Api, "_call_route")

    with pytest.raises(Exception, match="cannot be called"):
        app.resolve(event("GET", "/open"), CONTEXT)
