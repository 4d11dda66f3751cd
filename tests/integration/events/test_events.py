"""Every file of events/ is run by the function that it is named for, and comes out as it is named."""

import json
import os
from pathlib import Path

import pytest

from local import events

ROOT = Path(__file__).parents[3]
FUNCTIONS = {
    "verify": "VerifyFunction",
    "records": "RecordsFunction",
    "docs": "DocsFunction",
    "face_compare": "FaceCompareFunction",
    "mrz": "MrzFunction",
    "mrz_fallback": "MrzFallbackFunction",
    "authorizer": "AuthorizerFunction",
    "batch": "BatchFunction",
    "worker": "WorkerFunction",
    "keys": "KeysFunction",
    "sandbox": "SandboxFunction",
    "annotated": "AnnotatedFunction",
}


def body(answer):
    return json.loads(answer["body"])


OUTCOMES = {  # file → does the answer say what the file's name says?
    "verify.approved": lambda a: (a["statusCode"], body(a)["status"]) == (200, "approved"),
    "verify.missing_selfie": lambda a: (a["statusCode"], body(a)["field"]) == (422, "selfie"),
    "verify.not_a_picture": lambda a: (a["statusCode"], body(a)["code"]) == (415, "unsupported_image"),
    "verify.unknown_type": lambda a: (a["statusCode"], body(a)["field"]) == (422, "type"),
    "verify.uploads_offered": lambda a: (
        (a["statusCode"], [upload["side"] for upload in body(a)["uploads"]]) == (201, ["front", "selfie"])
    ),
    "verify.unknown_upload": lambda a: (a["statusCode"], body(a)["field"]) == (404, "selfie"),
    "records.unknown_id": lambda a: (a["statusCode"], body(a)["code"]) == (404, "not_found"),
    "records.listed": lambda a: (a["statusCode"], "verifications" in body(a)) == (200, True),
    "records.jwks": lambda a: body(a)["keys"][0]["crv"] == "P-256",
    "records.unknown_method": lambda a: (a["statusCode"], body(a)["code"]) == (404, "not_found"),
    "docs.openapi": lambda a: body(a)["openapi"].startswith("3.1"),
    "docs.head_of_docs": lambda a: (a["statusCode"], a["body"][:15]) == (200, "<!doctype html>"),
    "docs.llms": lambda a: a["body"].startswith("# Cari"),
    "docs.error_reference": lambda a: 'id="not_found"' in a["body"],
    "keys.created": lambda a: (a["statusCode"], body(a)["key"]["scopes"]) == (201, ["verify", "read"]),
    "keys.listed": lambda a: events.KEY_ID in {key["id"] for key in body(a)["keys"]},
    "keys.insufficient_scope": lambda a: (a["statusCode"], body(a)["scope"]) == (403, "admin"),
    "face_compare.match": lambda a: a["FaceMatches"][0]["Similarity"] >= 80,
    "face_compare.no_face_in_source": lambda a: a["__type"] == "InvalidParameterException",
    "face_compare.no_face_in_target": lambda a: a["FaceMatches"] == a["UnmatchedFaces"] == [],
    "face_compare.not_a_picture": lambda a: a["__type"] == "InvalidImageFormatException",
    "face_compare.faces_described": lambda a: [face["MouthOpen"]["Value"] for face in a["FaceDetails"]] == [True],
    "mrz.passport": lambda a: (a["found"], a["valid"], a["valid_score"]) == (True, True, 100),
    "mrz.nothing_found": lambda a: (a["found"], a["valid_score"]) == (False, 0),
    "mrz.not_a_picture": lambda a: a["__type"] == "InvalidImageFormatException",
    "mrz.barcode": lambda a: (a["barcode"]["standard"], a["barcode"]["surname"]) == ("AAMVA", "VOYAGER"),
    "mrz_fallback.passport": lambda a: (a["found"], a["valid"], a["valid_score"]) == (True, True, 100),
    "mrz_fallback.printed_text": lambda a: "VOYAGER" in {word for line in a["printed_text"] for word, _ in line},
    "mrz_fallback.not_a_picture": lambda a: a["__type"] == "InvalidImageFormatException",
    "authorizer.allowed": lambda a: a["context"]["tenant"] == events.TENANT,
    "authorizer.unknown_key": lambda a: a["errorMessage"] == "Unauthorized",
    "sandbox.specimens": lambda a: "face_mismatch" in {one["code"] for one in body(a)["specimens"]},
    "sandbox.picture": lambda a: (a["statusCode"], a["isBase64Encoded"]) == (200, True),
    "sandbox.not_acceptable": lambda a: (a["statusCode"], body(a)["code"]) == (406, "not_acceptable"),
    "annotated.unknown_id": lambda a: (a["statusCode"], body(a)["code"]) == (404, "not_found"),
    "annotated.not_acceptable": lambda a: (a["statusCode"], body(a)["code"]) == (406, "not_acceptable"),
    "worker.nothing_to_do": lambda a: a == {"batchItemFailures": []},
    "batch.job": lambda a: a == {"batchItemFailures": []},
    "batch.missing_picture": lambda a: a == {"batchItemFailures": []},
    "batch.s3_test_event": lambda a: a == {"batchItemFailures": []},
}


@pytest.fixture(scope="module")
def invoke(stack):
    """Invoke a function of the stack as any client of Lambda does; none changes the files that it was built of."""
    events.prepare(stack.cloud)
    client = stack.cloud.client("lambda")
    before = built_files()
    yield lambda function, event: client.invoke(FunctionName=stack.cloud.outputs[function], Payload=event)[
        "Payload"
    ].read()
    assert built_files() == before


def built_files():
    """Where functions run as `sam build` left them (BUILD, see local/run.py): every file of it."""
    build = os.environ.get("BUILD")
    return {path: path.stat().st_mtime_ns for path in Path(build).rglob("*")} if build else {}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_event_comes_out_as_it_is_named(invoke, name):
    function = FUNCTIONS[name.partition(".")[0]]

    answer = invoke(function, (ROOT / "events" / f"{name}.json").read_bytes())

    assert OUTCOMES[name](json.loads(answer)), answer[:600]


def test_every_event_file_is_run():
    files = {file.stem for file in (ROOT / "events").glob("*.json")} - {"env"}

    assert files == set(OUTCOMES)


def test_sam_locals_variables_name_what_the_stack_deploys(stack):
    named = json.loads((ROOT / "events" / "env.json").read_text())["Parameters"]
    outputs = stack.cloud.outputs

    named_after_outputs = {
        "BUCKET": "Bucket",
        **{
            f"{name}_TABLE": f"{name.title()}Table"
            for name in ("VERIFICATIONS", "TENANTS", "SEEN", "IDEMPOTENCY", "QUOTA")
        },
        "API_KEYS_TABLE": "ApiKeysTable",
        "SIGNING_KEYS_TABLE": "SigningKeysTable",
        "SIGNING_KEY_ID": "SigningKeyAlias",
        "FACE_COMPARE_FUNCTION": "FaceCompareFunction",
        "MRZ_FUNCTION": "MrzFunction",
        "MRZ_FALLBACK_FUNCTION": "MrzFallbackFunction",
    }
    assert {name: named[name] for name in named_after_outputs} == {
        name: outputs[output] for name, output in named_after_outputs.items()
    }
