"""The description that the service serves of itself, held against the service by a fuzzer."""

import subprocess
import sys
from pathlib import Path

import requests

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_no_generated_request_meets_a_5xx_or_an_undocumented_answer(stack):
    fuzzed = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", f"{stack.url}/openapi.json", "--url", stack.url),
            *("-H", f"Authorization: {stack.key}", "--checks", CHECKS, "--max-examples", "30"),
            *("--seed", "1", "--no-color"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert fuzzed.returncode == 0, fuzzed.stdout[-4000:]
    assert "Operations:       3 selected / 3 total" in fuzzed.stdout


def test_the_description_needs_no_key(stack):
    assert requests.get(f"{stack.url}/openapi.json", timeout=60).json()["openapi"].startswith("3.1")
