from fnmatch import fnmatchcase

import pytest

from tools import architecture
from tools.architecture import DOCUMENT, document

FUNCTIONS = architecture.functions()
PICTURE_PACKAGES = {"cari_intake", "cari_imaging"}
WRITES = (
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:PartiQL*",
)


def may(function, action, resource="*"):
    """What a function may do of an action, on a resource: both as patterns, in which * stands for anything."""
    return {
        (allowed, what)
        for allowed, what in FUNCTIONS[function].calls
        if (fnmatchcase(allowed, action) or fnmatchcase(action, allowed))
        and (fnmatchcase(what, resource) or fnmatchcase(resource, what))
    }


def writers(table):
    return {name for name in FUNCTIONS if any(may(name, action, f"{table}*") for action in WRITES)}


def test_the_document_says_what_the_template_says():
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_the_table_has_a_row_for_every_function():
    rows = document().split(architecture.BEGIN)[1].split(architecture.END)[0]

    assert all(f"\n| `{name}` |" in rows for name in FUNCTIONS)


def test_some_function_may_sign():
    assert any(may(name, "kms:Sign") for name in FUNCTIONS)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if may(name, "kms:Sign")])
def test_who_may_sign_carries_no_picture_library(name):
    assert not PICTURE_PACKAGES & set(FUNCTIONS[name].packages)


@pytest.mark.parametrize("name", ["docs", "sandbox"])
def test_who_only_gives_files_may_make_no_call(name):
    assert FUNCTIONS[name].calls == set()


@pytest.mark.parametrize("action", ["kms:Sign", "kms:GetPublicKey", "s3:List*"])
def test_who_decodes_strangers_pictures_neither_signs_nor_lists_the_bucket(action):
    assert not may("verify", action)


@pytest.mark.parametrize("action", ["dynamodb:Query", "dynamodb:Scan"])
def test_who_decodes_strangers_pictures_lists_no_verifications(action):
    assert not may("verify", action, "VerificationsTable*")


@pytest.mark.parametrize("table", ["TenantsTable", "ApiKeysTable"])
def test_who_decodes_strangers_pictures_writes_neither_policies_nor_keys(table):
    assert "verify" not in writers(table)


def test_policies_are_written_by_records_alone_and_the_worker_erases_older_notes_beside_them():
    assert writers("TenantsTable") == {"records", "worker"}
    assert not any(may("worker", f"dynamodb:{write}Item", "TenantsTable*") for write in ("Put", "Update"))


def test_keys_are_written_by_their_own_function_and_the_authorizer_which_notes_their_use():
    assert writers("ApiKeysTable") == {"keys", "authorizer"}


def test_a_guarded_grant_is_told_with_its_condition():
    row = next(line for line in document().splitlines() if line.startswith("| `face_compare` |"))

    assert "rekognition: CompareFaces, DetectFaces on anything (if `UseRekognition`)" in row
