"""What the service says of itself."""

import base64
import hashlib
import json
import re
from pathlib import Path

import openapi_spec_validator
import pytest

from cari_core.errors import CariError
from cari_evidence import signing
from cari_mrz import parse
from cari_verification.contract import Verification
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, get, without_a_key
from tools import openapi, openapi_examples

DOCS = Path(__file__).parents[3] / "docs"
DESCRIBED = openapi.describe()
OPERATIONS = {
    f"{method} {path}": operation for path, item in DESCRIBED["paths"].items() for method, operation in item.items()
}


def shown(path, **changes):
    return app.handler(without_a_key(get(path, **changes)), CONTEXT)


def header(answer, name):
    return answer["multiValueHeaders"][name][0]


def test_the_committed_description_is_what_the_service_says():
    assert (DOCS / "openapi.json").read_text() == shown("/openapi.json")["body"], "run `make docs`"


def test_the_public_keys_are_anyone_s_and_may_be_cached(monkeypatch):
    key = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "kid": "k", "use": "sig", "alg": "ES256"}
    monkeypatch.setattr(signing, "jwks", lambda: {"keys": [key]})
    answer = shown("/.well-known/jwks.json")

    assert json.loads(answer["body"]) == {"keys": [key]}
    assert "public" in header(answer, "Cache-Control")


def test_the_description_names_the_place_where_the_service_answers():
    event = without_a_key(get("/openapi.json"))
    event["requestContext"]["path"] = "/dev/openapi.json"

    assert json.loads(app.handler(event, CONTEXT)["body"])["servers"] == [{"url": "/dev"}]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_has_a_summary_and_its_good_answer(operation):
    described = OPERATIONS[operation]

    assert described["summary"] != operation
    assert {"200", "201"} & set(described["responses"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_error_of_an_operation_is_a_problem_with_examples_of_that_status(operation):
    for status, response in OPERATIONS[operation]["responses"].items():
        if int(status) >= 400:
            problems = response["content"]["application/problem+json"]
            assert problems["schema"]["$ref"].endswith("/Problem")
            assert {example["value"]["status"] for example in problems["examples"].values()} == {int(status)}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_whatever_a_gateway_may_answer_is_described(operation):
    assert {"400", "413", "429", "500", "502", "504"} <= set(OPERATIONS[operation]["responses"])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_needs_a_key_exactly_where_it_answers_that_one_is_missing(operation):
    described = OPERATIONS[operation]

    assert ("401" in described["responses"]) == ("security" not in described)


def test_the_description_is_openapi():
    openapi_spec_validator.validate(DESCRIBED)


def test_the_description_refers_to_nothing_that_it_has_not_and_has_nothing_that_it_refers_to_not():
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(DESCRIBED)))

    assert named == set(DESCRIBED["components"]["schemas"])


def test_every_code_of_the_tree_is_an_example_somewhere():
    told = {
        code
        for operation in OPERATIONS.values()
        for response in operation["responses"].values()
        for code in response.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }

    codes = {kind.code for kind in all_kinds(CariError)}
    assert told == codes - {"method_not_allowed"}  # no described operation meets it


def all_kinds(kind):
    return [kind, *(further for below in kind.__subclasses__() for further in all_kinds(below))]


@pytest.mark.parametrize("name", ["approved", "review"])
def test_an_example_is_of_the_contract_and_comes_out_as_it_is_named(name):
    example = openapi_examples.verifications()[name]["value"]

    assert Verification.model_validate(example).status == name


def test_the_examples_document_reads_true():
    front = openapi_examples.verifications()["approved"]["value"]["front"]

    mrz = parse(front["raw_text"].splitlines())
    assert (mrz.valid, mrz.number, mrz.surname) == (True, front["number"], front["surname"])


def test_the_page_asks_no_other_host():
    page = shown("/docs")["body"]

    outside_scripts = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?:src|href)=", outside_scripts)
    assert '"validatorUrl": null' in page


def test_the_pages_policy_lets_its_own_two_scripts_run_and_no_other():
    answer = shown("/docs")
    scripts = re.findall(r"<script>(.*?)</script>", answer["body"], flags=re.DOTALL)

    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    policy = dict(part.strip().split(" ", 1) for part in header(answer, "Content-Security-Policy").split(";"))
    assert policy["script-src"].split() == [f"'sha256-{one}'" for one in hashes]
    assert (policy["default-src"], policy["connect-src"]) == ("'none'", "'self'")


def test_the_page_reads_the_description_beside_it():
    event = without_a_key(get("/docs/"))
    event["requestContext"]["path"] = "/dev/docs/"

    assert '"url": "/dev/openapi.json"' in app.handler(event, CONTEXT)["body"]


def test_an_errors_type_is_an_anchor_of_the_error_page():
    problem = json.loads(shown("/identity/nothing")["body"])
    place, _, anchor = problem["type"].partition("#")

    page = shown(place)
    assert page["statusCode"] == 200
    assert f'id="{anchor}"' in page["body"]


def test_llms_txt_names_every_route_that_is_described():
    written = shown("/llms.txt")["body"]

    assert [path for path in DESCRIBED["paths"] if path != "/llms.txt" and path not in written] == []


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/openapi.json", "application/json"),
        ("/docs", "text/html; charset=utf-8"),
        ("/docs/errors", "text/html; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
    ],
)
def test_a_page_needs_no_caller(path, media_type):
    answer = shown(path)

    assert (answer["statusCode"], header(answer, "Content-Type")) == (200, media_type)
