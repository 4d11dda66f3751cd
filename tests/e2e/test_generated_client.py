"""A client that somebody generates from the description, with nothing said to the generator, used as it comes."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

TIMEOUT_S = 60
FILES = ("selfie", "front")


@pytest.fixture(scope="module")
def client(stack, tmp_path_factory):
    """The generated package, its client with the stack's key, and its modules by name."""
    folder = tmp_path_factory.mktemp("generated")
    description = folder / "openapi.json"
    description.write_text(requests.get(stack.url + "/openapi.json", timeout=TIMEOUT_S).text)
    generator = Path(sys.executable).with_name("openapi-python-client")
    subprocess.run(
        [generator, "generate", "--path", description, "--output-path", folder / "generated", "--meta", "none"],
        check=True,
        capture_output=True,
    )
    sys.path.insert(0, str(folder))
    package = importlib.import_module("generated")
    made = package.AuthenticatedClient(base_url=stack.url, token=stack.key, timeout=TIMEOUT_S)
    yield SimpleNamespace(made=made, of=lambda name: importlib.import_module(f"generated.{name}"))
    sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def verification(client, specimens):
    """What the client's own POST answers to a specimen."""
    models, types = client.of("models"), client.of("types")
    files = {name: types.File(payload=specimens[name], file_name=f"{name}.jpg") for name in FILES}
    body = models.BodyVerify(**files, type_=models.BodyVerifyType.PASSPORT, reference="generated")
    return client.of("api.verify.verify").sync(client=client.made, body=body)


def test_it_verifies_a_specimen(verification):
    assert (verification.status.value, verification.reference) == ("approved", "generated")


def test_it_reads_lists_and_erases_what_it_made(client, verification):
    read = client.of("api.verify.get_verification").sync(verification.id, client=client.made)
    listed = client.of("api.verify.list_verifications").sync(client=client.made, reference="generated")
    erased = client.of("api.verify.delete_verification").sync(verification.id, client=client.made)

    assert read.to_dict() == verification.to_dict()
    assert [one.id for one in listed.verifications] == [verification.id]
    assert erased.deleted


def test_it_makes_and_revokes_a_key(client):
    models = client.of("models")
    asked = models.KeyRequest(name="generated", scopes=[models.KeyRequestScopesItem.READ])

    made = client.of("api.keys.create_key").sync(client=client.made, body=asked)

    assert client.of("api.keys.revoke_key").sync(made.key.id, client=client.made).state.value == "revoked"


def test_it_tells_a_problem_by_its_code(client):
    problem = client.of("api.verify.get_verification").sync("0" * 24, client=client.made)

    assert problem.code == "not_found"
