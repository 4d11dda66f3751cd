"""The sandbox: specimens for everyone, without a key."""

import base64
import json
from pathlib import Path

import pytest

from cari_decision.reasons import REASONS
from functions.sandbox import app as sandbox
from functions.sandbox.app import app, handler
from tests.integration.functions.requests import CONTEXT, event, get, without_a_key

FOLDER = Path(__file__).parents[3] / "functions/sandbox/specimens"
JPEG = {"Accept": "image/jpeg"}


def asked(path, accept="image/jpeg", **changes):
    return handler(without_a_key(get(path, headers={"Accept": accept} if accept else {}, **changes)), CONTEXT)


def listed(**changes):
    return json.loads(asked("/sandbox/specimens", accept=None, **changes)["body"])["specimens"]


def header(answer, name):
    return answer["multiValueHeaders"][name][0]


def test_a_specimen_says_what_to_send_and_what_comes_of_it():
    mismatch = next(specimen for specimen in listed() if specimen["code"] == "face_mismatch")

    assert mismatch["type"] == "passport"
    assert mismatch["files"]["selfie"] == "/sandbox/specimens/selfie-stranger.jpg"
    assert mismatch["expected"] == {"status": "declined", "reasons": ["face_mismatch"]}


def test_only_outcomes_are_listed_that_the_service_has():
    assert {code for specimen in listed() for code in specimen["expected"]["reasons"]} <= REASONS.keys()


def test_an_outcome_that_the_service_has_not_is_left_out(monkeypatch):
    monkeypatch.setattr(sandbox, "REASONS", {"face_mismatch": REASONS["face_mismatch"]})

    assert {code for specimen in listed() for code in specimen["expected"]["reasons"]} == {"face_mismatch"}


def test_links_name_the_stage_that_the_service_answers_at():
    request = without_a_key(get("/sandbox/specimens"))
    request["requestContext"]["path"] = "/dev/sandbox/specimens"

    specimens = json.loads(handler(request, CONTEXT)["body"])["specimens"]

    assert all(link.startswith("/dev/sandbox/specimens/") for one in specimens for link in one["files"].values())


def test_every_link_leads_to_a_picture():
    links = {link for specimen in listed() for link in specimen["files"].values()}

    assert {asked(link)["statusCode"] for link in links} == {200}


@pytest.mark.parametrize(
    "accept", ["image/jpeg", "image/jpeg, */*;q=0.1", "IMAGE/JPEG;q=1", "image/png, image/jpeg;q=0.5"]
)
def test_a_picture_is_a_jpeg_that_may_be_kept(accept):
    answer = asked("/sandbox/specimens/selfie.jpg", accept)

    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(answer["body"]) == (FOLDER / "selfie.jpg").read_bytes()
    assert header(answer, "Content-Type") == "image/jpeg"
    assert header(answer, "Cache-Control") == "public, max-age=86400"


@pytest.mark.parametrize("accept", [None, "*/*", "text/html, image/jpeg", "image/jpeg;q=0", "image/jpeg;q=x", ","])
def test_whoever_would_get_base64_for_a_picture_is_told_what_to_ask_for(accept):
    answer = asked("/sandbox/specimens/selfie.jpg", accept)

    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["code"], problem["field"]) == (406, "not_acceptable", "Accept")
    assert "Accept: image/jpeg" in problem["detail"]


@pytest.mark.parametrize("name", ["nobody.jpg", "catalogue.json", "..", "%2e%2e%2fapp.py", "selfie"])
def test_what_is_no_specimen_is_not_found(name):
    answer = asked(f"/sandbox/specimens/{name}")

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (404, "not_found")


def test_the_head_of_a_picture_is_answered_as_get_is():
    head = handler(without_a_key(event("HEAD", "/sandbox/specimens/selfie.jpg", headers=JPEG)), CONTEXT)

    assert head["body"] == asked("/sandbox/specimens/selfie.jpg")["body"]


def test_nothing_can_be_posted_to_a_specimen():
    answer = handler(event("DELETE", "/sandbox/specimens"), CONTEXT)

    assert answer["statusCode"] == 404


def test_the_function_has_no_other_routes():
    routes = app._static_routes + app._dynamic_routes  # noqa: SLF001  # Powertools tells nobody

    assert {route.path for route in routes} == {"/sandbox/specimens", "/sandbox/specimens/<name>"}
