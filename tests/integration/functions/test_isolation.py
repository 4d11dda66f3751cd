"""Two tenants, two modes, every route: nobody reads, lists, revokes, spends or guesses what is another's."""

import hashlib
import json
from itertools import permutations, product

import boto3
import pytest

from cari_core import ids, settings
from cari_verification.aws import bucket
from cari_verification.aws.engines import Engines
from functions.authorizer import app as authorizer
from tests.integration.functions.callers import holder
from tests.integration.functions.requests import CONTEXT
from tests.unit.evidence_of_specimens import faces, reading
from tests.unit.intake.pictures import encoded
from tools import openapi

OWNERS = [f"{tenant * 24}#{mode}" for tenant, mode in product("ab", ("dev", "live"))]
PAIRS = list(permutations(OWNERS, 2))  # whose it is, who asks
NOBODYS = ids.new_id()
# Every operation that names something which belongs to somebody: how another asks for it, given its owner's things.
REACHING = {
    "get_verification": lambda by, things: by.ask("GET", f"/identity/verify/{things['verification']}"),
    "delete_verification": lambda by, things: by.ask("DELETE", f"/identity/verify/{things['verification']}"),
    "get_evidence": lambda by, things: by.ask("GET", f"/identity/verify/{things['verification']}/evidence"),
    "get_annotated": lambda by, things: by.ask(
        "GET", f"/identity/verify/{things['verification']}/annotated/front", Accept="image/jpeg"
    ),
    "evaluate_verification": lambda by, things: by.ask(
        "POST", f"/identity/verify/{things['verification']}/evaluate", {}
    ),
    "review_verification": lambda by, things: by.ask(
        "POST", f"/identity/verify/{things['verification']}/review", {"decision": "approved", "reason": "Looks fine."}
    ),
    "get_policy": lambda by, things: by.ask("GET", f"/identity/policies/{things['policy']}"),
    "get_key": lambda by, things: by.ask("GET", f"/identity/keys/{things['key']}"),
    "revoke_key": lambda by, things: by.ask("DELETE", f"/identity/keys/{things['key']}"),
    "rotate_key": lambda by, things: by.ask("POST", f"/identity/keys/{things['key']}/rotate", {"overlap_hours": 0}),
    "verify": lambda by, things: by.ask(
        "POST", "/identity/verify", {side: things[side] for side in ("selfie", "front")}
    ),
}
LISTING = {"list_keys", "list_verifications", "list_policies"}
MAKING = {"create_key", "offer_uploads", "put_policy"}


def holders():
    return {owner: holder(tenant=owner.partition("#")[0], mode=owner.partition("#")[2]) for owner in OWNERS}


@pytest.fixture(scope="module")
def settled(account):  # noqa: ARG001  # it is there as long as the module runs
    """Everyone, and one of everything that each of them has: made once, for tests after which all is as it was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engines, "compare_faces", lambda *_: faces())
        patch.setattr(Engines, "read_mrz", lambda *_: reading())
        settings.forget()
        patch.setenv("WORK_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="work")["QueueUrl"])
        everyone = holders()
        yield everyone, {owner: things_of(one) for owner, one in everyone.items()}
    settings.forget()


@pytest.fixture
def everyone(aws, signing_key, answers):  # noqa: ARG001  # they are there as long as the test runs
    """Everyone, with nothing but a key."""
    answers.update(faces=faces(), mrz=reading())
    return holders()


def things_of(one):
    """Make one of everything that a tenant can have."""
    payload = encoded()
    promise = {"content_type": "image/jpeg", "size_bytes": len(payload), "sha256": hashlib.sha256(payload).hexdigest()}
    asked = {"files": [{"side": side, **promise} for side in ("selfie", "front")]}
    uploads = {each["side"]: each["name"] for each in one.ask("POST", "/identity/uploads", asked).body["uploads"]}
    for name in uploads.values():
        boto3.client("s3").put_object(Bucket="bucket", Key=bucket.upload_key(one.tenant, one.mode, name), Body=payload)
    made = one.ask("POST", "/identity/keys", {"name": "a secret name", "scopes": ["read"]}).body
    policy = f"of-{one.tenant[:2]}-{one.mode}"
    one.ask("PUT", f"/identity/policies/{policy}", {})
    return {"verification": one.verify().body["id"], "key": made["key"]["id"], **uploads, "policy": policy}


def stored():
    """Read everything that is stored, but counts and the moments of use."""
    tables = {
        name: boto3.resource("dynamodb").Table(name).scan()["Items"]
        for name in ("keys", "verifications", "tenants", "seen")
    }
    for item in tables["keys"]:
        item.pop("last_used_at", None)
    objects = boto3.client("s3").list_objects_v2(Bucket="bucket")["Contents"]
    return json.dumps([tables, [each["Key"] for each in objects]], sort_keys=True, default=repr)


def test_every_operation_with_a_key_is_held_to_this():
    operations = {
        operation["operationId"]
        for item in openapi.describe()["paths"].values()
        for operation in item.values()
        if operation.get("security") != []
    }

    assert operations == set(REACHING) | LISTING | MAKING


@pytest.mark.parametrize("operation", REACHING)
def test_what_is_anothers_is_not_found_and_stays_as_it_is(settled, operation):
    everyone, things = settled
    before = stored()

    answers = [REACHING[operation](everyone[stranger], things[owner]) for owner, stranger in PAIRS]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(404, "not_found")}
    assert stored() == before


@pytest.mark.parametrize("operation", ["get_verification", "get_key", "revoke_key", "rotate_key"])
def test_what_is_anothers_looks_like_what_never_was(settled, operation):
    everyone, things = settled
    reach = REACHING[operation]

    for owner, stranger in PAIRS:
        told = json.dumps(reach(everyone[stranger], things[owner]).body)
        for thing in things[owner].values():
            told = told.replace(thing, NOBODYS)
        assert told == json.dumps(reach(everyone[stranger], dict.fromkeys(things[owner], NOBODYS)).body)


@pytest.mark.parametrize("operation", REACHING)
def test_whose_it_is_reaches_it(everyone, operation):
    one = everyone[OWNERS[list(REACHING).index(operation) % len(OWNERS)]]

    assert REACHING[operation](one, things_of(one)).status in {200, 201}


def test_a_list_has_ones_own_keys_and_no_others(everyone):
    own = {owner: {one.key_id, things_of(one)["key"]} for owner, one in everyone.items()}

    listed = {
        owner: {key["id"] for key in one.ask("GET", "/identity/keys").body["keys"]} for owner, one in everyone.items()
    }

    assert listed == own


def test_a_list_has_ones_own_verifications_and_no_others(everyone):
    own = {owner: [things_of(one)["verification"]] for owner, one in everyone.items()}

    listed = {
        owner: [each["id"] for each in one.ask("GET", "/identity/verify").body["verifications"]]
        for owner, one in everyone.items()
    }

    assert listed == own


def test_a_list_has_ones_own_policies_and_no_others(everyone):
    own = {owner: ["default", things_of(one)["policy"]] for owner, one in everyone.items()}

    listed = {
        owner: [each["name"] for each in one.ask("GET", "/identity/policies").body["policies"]]
        for owner, one in everyone.items()
    }

    assert listed == own


def test_a_policy_of_the_same_name_is_another(everyone):
    first, *others = everyone.values()
    first.ask("PUT", "/identity/policies/default", {"minimum_age": 18})

    told = [one.ask("GET", "/identity/policies/default").body["rules"]["minimum_age"] for one in others]

    assert told == [None] * len(others)


def test_a_key_that_was_made_is_of_its_makers_tenant_and_mode(everyone):
    for owner, one in everyone.items():
        secret = one.ask("POST", "/identity/keys", {"name": "new", "scopes": ["read"]}).body["secret"]

        told = authorizer.handler(
            {"authorizationToken": secret, "methodArn": "arn:aws:execute-api:e:1:a/s/GET/x"}, CONTEXT
        )
        assert f"{told['context']['tenant']}#{told['context']['mode']}" == owner
        assert secret.startswith(one.mode + "_")


def test_a_successor_is_of_its_predecessors_tenant_and_mode(everyone):
    for owner, one in everyone.items():
        secret = one.ask("POST", f"/identity/keys/{one.key_id}/rotate", {}).body["secret"]

        told = authorizer.handler(
            {"authorizationToken": secret, "methodArn": "arn:aws:execute-api:e:1:a/s/GET/x"}, CONTEXT
        )
        assert f"{told['context']['tenant']}#{told['context']['mode']}" == owner


def test_an_idempotency_key_that_all_of_them_use_makes_one_verification_each(everyone):
    answers = [one.verify(Idempotency_Key="the-same") for one in everyone.values()]

    assert len({answer.body["id"] for answer in answers}) == len(OWNERS)
    assert not [answer for answer in answers if "Idempotent-Replayed" in answer.headers]


@pytest.mark.parametrize(("owner", "stranger"), PAIRS)
def test_nobody_spends_anothers_quota(everyone, owner, stranger):
    for _ in range(3):
        everyone[owner].ask("GET", "/identity/keys")

    assert everyone[stranger].ask("GET", "/identity/keys").headers["RateLimit-Remaining"] == "999"


def test_a_tenant_whose_name_begins_like_anothers_is_another(everyone):
    near = holder(tenant="a" * 23, mode="dev")
    things = things_of(everyone[OWNERS[0]])

    assert {key["id"] for key in near.ask("GET", "/identity/keys").body["keys"]} == {near.key_id}
    assert REACHING["revoke_key"](near, things).status == 404
