"""Items that version 0.1.0 wrote (tests/recorded/stored-by-0.1.0.json) are read, ended and erased."""

import base64
import json
import time
from datetime import datetime, timedelta
from pathlib import Path

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer

from cari_core import ids
from cari_evidence import bundle, signing
from cari_verification.aws import verifications
from cari_verification.contract import Verification
from functions.records import app as records
from functions.worker import app as worker
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, TENANT, event, get, post_json
from tests.unit.evidence_of_specimens import faces, reading

pytestmark = pytest.mark.usefixtures("aws", "signing_key")
WRITTEN = json.loads((Path(__file__).parents[2] / "recorded/stored-by-0.1.0.json").read_text())
A_YEAR_S = 365 * 86_400


def plain(value):
    if isinstance(value, dict) and value.keys() == {"base64"}:
        return base64.b64decode(value["base64"])
    return {name: plain(each) for name, each in value.items()} if isinstance(value, dict) else value


@pytest.fixture(autouse=True)
def stored(aws, answers):  # noqa: ARG001  # into what it has emptied
    """Put the items into the table as they are, but for the time at which they expire."""
    answers.update(faces=faces(), mrz=reading(country="UTO"))
    table = boto3.resource("dynamodb").Table("verifications")
    for written in WRITTEN.values():
        item = {name: TypeDeserializer().deserialize(plain(value)) for name, value in written["item"].items()}
        table.put_item(Item={**item, "expires_at": int(time.time()) + A_YEAR_S})


def id_of(name):
    return WRITTEN[name]["item"]["id"]["S"]


def answered(request):
    answer = app.handler(request, CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def as_admin(request):
    request["requestContext"]["authorizer"] |= {"scopes": "verify read delete admin"}
    return request


@pytest.fixture
def then(monkeypatch):
    """Let it be a minute after the verification was begun."""

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):  # noqa: ARG003  # it has one
            return ids.created_at(id_of("under_way")) + timedelta(minutes=1)

    for module in (records, worker):
        monkeypatch.setattr(module, "datetime", Then)


@pytest.mark.usefixtures("then")
@pytest.mark.parametrize("name", WRITTEN)
def test_one_is_read_as_it_was_answered(name):
    then_answered = Verification.model_validate(WRITTEN[name]["answer"])  # without the fields that came since

    status, now = answered(get(f"/identity/verify/{id_of(name)}"))

    assert (status, now) == (200, then_answered.model_dump(mode="json"))


def test_they_are_listed_and_found_by_their_reference():
    query = {"reference": "order 17"}
    asked = get(
        "/identity/verify",
        queryStringParameters=query,
        multiValueQueryStringParameters={name: [value] for name, value in query.items()},
    )

    listed = answered(asked)[1]["verifications"]

    assert {each["id"] for each in listed} == {id_of(name) for name in WRITTEN}


@pytest.mark.usefixtures("then")
def test_one_under_way_is_ended_by_the_worker():
    body = json.dumps({"tenant": TENANT, "mode": "dev", "id": id_of("under_way")})

    worker.handler({"Records": [{"messageId": "m", "body": body}]}, CONTEXT)

    ended = answered(get(f"/identity/verify/{id_of('under_way')}"))[1]
    assert (ended["status"], ended["reference"], ended["metadata"]) == ("approved", "order 17", {"desk": "Zürich"})


def test_its_evidence_is_signed():
    jws = app.handler(get(f"/identity/verify/{id_of('ended')}/evidence"), CONTEXT)["body"]

    claims = signing.verify(jws, signing.jwks(), type_=bundle.TYPE)
    assert (claims["sub"], claims["verification"]["status"]) == (id_of("ended"), "approved")


@pytest.mark.parametrize(("name", "was"), [("ended", ["approved"]), ("reviewed", ["approved", "declined"])])
def test_one_is_reviewed_and_what_was_stays_in_the_trail(name, was):
    path = f"/identity/verify/{id_of(name)}/review"

    status, told = answered(as_admin(post_json(path, {"decision": "approved", "reason": "It is the same person."})))

    assert (status, told["status"], [review["was"] for review in told["reviews"]]) == (200, "approved", was)
    assert answered(get(f"/identity/verify/{id_of(name)}")) == (200, told)
    assert verifications.find_evidence(TENANT, "dev", id_of(name))


def test_of_two_reviews_of_one_at_once_the_second_is_told():
    found = verifications.find(TENANT, "dev", id_of("ended"))
    path = f"/identity/verify/{id_of('ended')}/review"
    answered(as_admin(post_json(path, {"decision": "approved", "reason": "Fine."})))

    with pytest.raises(records.reviewing.reviews.ReviewedMeanwhile):
        records.reviewing.reviews.record(found, "declined", "Late.", None, datetime.now().astimezone())


def test_one_is_erased_with_what_was_noted_of_it_beside_the_policies():
    identifier = id_of("ended")
    table = boto3.resource("dynamodb").Table("tenants")
    owner = f"{TENANT}#dev"
    for note in (
        {"id": f"face#{identifier}"},
        {"id": f"document-of#{identifier}", "key": "k"},
        {"id": f"document#k#{identifier}"},
    ):
        table.put_item(Item={"owner": owner, **note})

    status, _ = answered(event("DELETE", f"/identity/verify/{identifier}"))

    assert (status, table.scan()["Items"]) == (200, [])
    assert answered(get(f"/identity/verify/{identifier}"))[0] == 404
