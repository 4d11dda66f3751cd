"""The template's routes against the service's own: each is reached, with a key exactly where it needs one."""

import json

import pytest

from cari_api.jpeg_answer import DECODED
from cari_api.resolver import SCOPES
from functions.verify.app import UPLOADED_ROUTE
from local import template
from tests.integration.functions.api import FUNCTIONS
from tools import error_reference, openapi

RESOURCES = template.read()["Resources"]
EVENTS = [
    event["Properties"]
    for resource in RESOURCES.values()
    for event in resource.get("Properties", {}).get("Events", {}).values()
    if event["Type"] == "Api"
]
RESPONSES = RESOURCES["Api"]["Properties"]["GatewayResponses"]
DESCRIBED = openapi.describe()["paths"]
NO_KEY = {"Authorizer": "NONE", "ApiKeyRequired": False}
OPERATIONS = [
    (method.upper(), path, operation) for path, item in DESCRIBED.items() for method, operation in item.items()
]
WITH_KEY = {(event["Method"], event["Path"]) for event in EVENTS if "Auth" not in event}
WITHOUT_KEY = {(event["Method"], event["Path"]) for event in EVENTS if event.get("Auth") == NO_KEY}


def told(kind):
    return json.loads(
        RESPONSES[kind]["ResponseTemplates"]["application/json"].replace("$context.error.messageString", '""')
    )


def test_a_route_is_open_or_wants_a_key_and_nothing_between():
    assert len(WITH_KEY) + len(WITHOUT_KEY) == len(EVENTS)


@pytest.mark.parametrize(
    ("method", "path", "operation"), [pytest.param(*one, id=f"{one[0]} {one[1]}") for one in OPERATIONS]
)
def test_an_operation_is_reached_with_a_key_exactly_where_it_needs_one(method, path, operation):
    needs_key = operation.get("security") != []

    assert ((method, path) in WITH_KEY) == needs_key
    assert ((method, path) in WITHOUT_KEY) == (not needs_key)


def test_no_event_takes_whatever_method_comes():
    assert "ANY" not in {event["Method"] for event in EVENTS}


def test_browsers_are_told_by_the_gateway_itself_what_they_may_send_to_every_path():
    api = RESOURCES["Api"]["Properties"]

    assert api["Cors"]["AllowOrigin"] == "'*'"
    assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(
        api["Cors"]["AllowHeaders"].strip("'").split(", ")
    )
    assert not api["Auth"]["AddDefaultAuthorizerToCorsPreflight"]
    assert not api["Auth"]["AddApiKeyRequiredToCorsPreflight"]


@pytest.mark.parametrize("events", [WITH_KEY, WITHOUT_KEY], ids=["with a key", "without"])
def test_whatever_may_be_got_may_be_asked_for_its_head(events):
    assert {path for method, path in events if method == "GET"} == {path for method, path in events if method == "HEAD"}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__.split(".")[1])
def test_a_function_is_sent_just_what_it_answers(function):
    name = function.__name__.split(".")[1]
    events = RESOURCES[f"{name.title()}Function"]["Properties"]["Events"].values()

    routes = function.app._static_routes + function.app._dynamic_routes  # noqa: SLF001  # Powertools tells nobody
    answered = {(route.method, route.path.replace("<", "{").replace(">", "}")) for route in routes}
    sent = {(event["Properties"]["Method"], event["Properties"]["Path"]) for event in events}
    assert {one for one in sent if one[0] != "HEAD"} == answered - {("POST", UPLOADED_ROUTE)}


@pytest.mark.parametrize("operation", [pytest.param(one[2], id=f"{one[0]} {one[1]}") for one in OPERATIONS])
def test_an_operation_needs_a_scope_exactly_where_it_needs_a_key(operation):
    assert (operation[SCOPES] == []) == (operation.get("security") == [])


def test_the_template_has_no_path_that_the_service_does_not_describe():
    assert {event["Path"] for event in EVENTS} == set(DESCRIBED)


@pytest.mark.parametrize("kind", RESPONSES)
def test_a_gateway_response_says_what_the_error_tree_says(kind):
    body, listed = told(kind), {entry.code: entry for entry in error_reference.entries()}

    entry = listed[body["code"]]
    assert (body["status"], body["title"]) == (entry.status, entry.title)
    assert RESPONSES[kind]["StatusCode"] == entry.status
    assert body["type"] == f"/$context.stage/docs/errors#{entry.code}"


@pytest.mark.parametrize("kind", RESPONSES)
def test_a_gateway_response_names_its_request_and_may_be_read_by_any_page(kind):
    headers = RESPONSES[kind]["ResponseParameters"]["Headers"]

    assert headers["X-Request-Id"] == "context.requestId"
    assert headers["Access-Control-Allow-Origin"] == "'*'"
    assert "X-Request-Id" in headers["Access-Control-Expose-Headers"]


def test_pictures_are_given_to_whoever_names_a_type_first_that_the_gateway_decodes():
    binary = {kind.replace("~1", "/") for kind in RESOURCES["Api"]["Properties"]["BinaryMediaTypes"]}

    assert binary - {"multipart/form-data"} == DECODED
