"""The description that the service serves of itself, held against the service by a fuzzer."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

FUZZING = Path(__file__).parent / "fuzzing"
TIMEOUT_S = 60
RETENTION_DAYS = 30
EXAMPLES = os.environ.get("CARI_FUZZ_EXAMPLES")  # of each operation; a laptop has no time for many, nor for every phase
PHASES = "examples,coverage,fuzzing,stateful" if EXAMPLES else "examples,fuzzing,stateful"


@pytest.fixture
def pictures(specimens, tmp_path):
    for name, picture in specimens.items():
        (tmp_path / f"{name}.jpg").write_bytes(picture)
    return tmp_path


@pytest.fixture
def description(stack, tmp_path):
    """Write what the service says of itself, but for what no schema can say: a second body under an Idempotency-Key is
    refused, a cursor comes from a page before, this deployment keeps nothing for longer than 30 days, and some rules
    of a policy contradict others."""
    described = requests.get(stack.url + "/openapi.json", timeout=TIMEOUT_S).json()
    for operation in (operation for item in described["paths"].values() for operation in item.values()):
        asked = operation.get("parameters", [])
        operation["parameters"] = [
            parameter for parameter in asked if parameter["name"].lower() not in ("idempotency-key", "cursor")
        ]
    schemas = described["components"]["schemas"]
    for days in (
        schemas["Body_verify"]["properties"]["retention_days"],
        schemas["VerifyUploaded"]["properties"]["retention_days"]["anyOf"][0],
    ):
        days["enum"] = [number for number in days["enum"] if number <= RETENTION_DAYS]
    contradicting = {"face", "reasons", "accepted_countries", "refused_countries"}
    rules = {name: rule for name, rule in schemas["Policy"]["properties"].items() if name not in contradicting}
    schemas["Rules"] = {**schemas["Policy"], "properties": rules}
    put = described["paths"]["/identity/policies/{name}"]["put"]["requestBody"]["content"]["application/json"]
    for asked in (put["schema"], *schemas["EvaluateRequest"]["properties"]["policy"]["anyOf"]):
        if "$ref" in asked:
            asked["$ref"] = "#/components/schemas/Rules"
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(described))
    return path


def test_no_generated_request_finds_the_service_other_than_it_describes_itself(stack, pictures, description):
    fuzzed = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "--config-file", FUZZING / "schemathesis.toml"),
            *("run", description, "--url", stack.url, "-H", f"Authorization: {stack.key}"),
            # A revoked key stays readable for 90 days; that a deleted verification does not, test_delete.py asks.
            # API Gateway answers a method that a path has not as it answers a path that there is not, with 404.
            *("--exclude-checks", "use_after_free,unsupported_method"),
            *("--checks", "all", "--mode", "all", "--phases", PHASES, "--max-examples", EXAMPLES or "2"),
            *("--seed", "1", "--no-color", "--generation-database", "none"),
        ],
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": "hooks",
            "PYTHONPATH": str(FUZZING),
            "CARI_FUZZ_PICTURES": str(pictures),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert fuzzed.returncode == 0, fuzzed.stdout[-6000:]
    assert re.search(r"Tested: [1-9]", fuzzed.stdout)
    assert re.search(r"API Links: +[1-9]\d* covered", fuzzed.stdout), "no verification was read back"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/docs/errors", "/llms.txt"])
def test_what_the_service_says_of_itself_needs_no_key(stack, path):
    assert requests.get(stack.url + path, timeout=TIMEOUT_S).status_code == 200


@pytest.mark.parametrize("path", ["/identity/verify/" + "0" * 24, "/docs", "/openapi.json"])
def test_head_is_answered_as_get_is(stack, path):
    for headers in ({}, {"Authorization": stack.key}):
        asked = requests.get(stack.url + path, headers=headers, timeout=TIMEOUT_S)
        head = requests.head(stack.url + path, headers=headers, timeout=TIMEOUT_S)

        assert (head.status_code, head.content) == (asked.status_code, b"")


@pytest.mark.parametrize("path", ["/identity/verify/" + "0" * 24, "/docs", "/openapi.json", "/identity/policies"])
def test_head_tells_the_length_of_what_get_sends(stack, path):
    headers = {"Authorization": stack.key, "Accept-Encoding": "identity"}
    asked = requests.get(stack.url + path, headers=headers, timeout=TIMEOUT_S)
    head = requests.head(stack.url + path, headers=headers, timeout=TIMEOUT_S)

    assert int(head.headers["Content-Length"]) == len(asked.content)


def test_long_answers_are_compressed_for_whoever_takes_them_so(stack):
    whole = requests.get(stack.url + "/openapi.json", headers={"Accept-Encoding": "identity"}, timeout=TIMEOUT_S)
    compressed = requests.get(stack.url + "/openapi.json", headers={"Accept-Encoding": "gzip"}, timeout=TIMEOUT_S)

    assert "Content-Encoding" not in whole.headers
    assert compressed.headers["Content-Encoding"] == "gzip"
    assert int(compressed.headers["Content-Length"]) < len(whole.content) / 5
    assert compressed.content == whole.content


def test_what_is_the_same_is_not_sent_again(stack):
    headers = {"Authorization": stack.key}
    first = requests.get(stack.url + "/identity/policies", headers=headers, timeout=TIMEOUT_S)
    headers["If-None-Match"] = first.headers["ETag"]

    again = requests.get(stack.url + "/identity/policies", headers=headers, timeout=TIMEOUT_S)

    assert (again.status_code, again.content) == (304, b"")


def test_a_key_may_stand_behind_bearer(stack):
    headers = {"Authorization": f"Bearer {stack.key}"}

    assert requests.get(stack.url + "/identity/policies", headers=headers, timeout=TIMEOUT_S).status_code == 200


def test_whoever_comes_with_a_wrong_key_is_told_how_to_bring_one(stack):
    answer = requests.get(stack.url + "/identity/policies", headers={"Authorization": "x"}, timeout=TIMEOUT_S)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="cari"')


@pytest.mark.parametrize("path", ["/identity/verify", "/identity/verify/" + "0" * 24, "/docs"])
def test_a_browsers_preflight_needs_no_key(stack, path):
    asked = {"Origin": "https://example.com", "Access-Control-Request-Headers": "authorization"}

    answer = requests.options(stack.url + path, headers=asked, timeout=TIMEOUT_S)

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/identity/verify/x", {}, None, 401),
        ("GET", "/nowhere", {}, None, 404),
        ("DELETE", "/docs", {}, None, 404),
        ("POST", "/identity/verify", {}, b"x" * 11_000_000, 413),
    ],
)
def test_an_error_may_be_read_by_any_page_and_names_its_request(stack, method, path, headers, body, status):
    answer = requests.request(method, stack.url + path, headers=headers, data=body, timeout=TIMEOUT_S)

    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, "*")
    assert answer.headers["X-Request-Id"] == answer.json()["request_id"]


def test_an_errors_type_can_be_followed(stack):
    problem = requests.get(stack.url + "/nowhere", timeout=TIMEOUT_S).json()
    place, _, anchor = problem["type"].partition("#")

    assert f'id="{anchor}"' in requests.get(stack.url + place, timeout=TIMEOUT_S).text
