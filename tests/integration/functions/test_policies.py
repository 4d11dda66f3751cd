"""Policies over HTTP: kept, named, asked what they would say, run in the shadow."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import boto3
import pytest

from cari_core.deadline import Deadline
from cari_core.errors import ReviewedMeanwhile
from cari_verification.aws import document_index, policies, reviews, tenant_secrets, verifications
from functions.records import reviewing
from functions.records.contract import ReviewRequest
from functions.worker import app as worker
from tests.integration.functions import api as app
from tests.integration.functions.requests import (
    CONTEXT,
    TENANT,
    event,
    get,
    multipart,
    post,
    post_json,
    whole_form,
    with_headers,
)
from tests.unit.evidence_of_specimens import faces, reading

pytestmark = pytest.mark.usefixtures("aws", "signing_key")


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading(country="UTO"))
    return answers


def as_admin(request):
    context = {**request["requestContext"]}
    context["authorizer"] = {**context["authorizer"], "scopes": "verify read delete admin"}
    return {**request, "requestContext": context}


def sent(request):
    answer = app.handler(as_admin(request), CONTEXT)
    return answer["statusCode"], json.loads(answer["body"])


def put(name, rules, **changes):
    return sent({**post_json(f"/identity/policies/{name}", rules, **changes), "httpMethod": "PUT"})


def verified(**form):
    return sent(post(multipart(whole_form(**form))))


def evaluated(identifier, asked):
    return sent(post_json(f"/identity/verify/{identifier}/evaluate", asked))


def stored(identifier):
    return sent(get(f"/identity/verify/{identifier}"))[1]


def test_the_default_is_there_for_everyone():
    status, policy = sent(get("/identity/policies/default"))

    assert (status, policy["version"], policy["rules"]["face"]["approve_fmr"]) == (200, 0, 0.0025)


def test_a_policy_that_was_put_decides_from_then_on():
    before = verified()[1]["status"]
    put("default", {"accepted_types": ["card"]})

    after = verified()[1]

    assert (before, after["status"], after["policy"]) == ("approved", "declined", {"name": "default", "version": 1})


def test_each_change_is_a_version_and_earlier_ones_stay():
    for age in (16, 18, 21):
        status, policy = put("adults", {"minimum_age": age})

    assert (status, policy["version"], policy["rules"]["minimum_age"]) == (200, 3, 21)
    items = {item["id"] for item in boto3.resource("dynamodb").Table("tenants").scan()["Items"]}
    assert items >= {"policy#adults", *(f"policy-version#adults#{version:06d}" for version in (1, 2, 3))}


def test_an_older_change_that_comes_late_does_not_undo_a_newer():
    put("adults", {"minimum_age": 16})
    put("adults", {"minimum_age": 18})
    policies._let_decide(  # noqa: SLF001  # the second half of the first change, late
        {**policies._key(TENANT, "dev", "adults"), **policies._written(1, policies.Policy(minimum_age=16))},  # noqa: SLF001
    )
    policies._CACHE.clear()  # noqa: SLF001

    assert sent(get("/identity/policies/adults"))[1]["version"] == 2


def test_the_list_has_the_default_first_and_each_name_once():
    put("zebra", {})
    put("adults", {"minimum_age": 18})
    put("adults", {"minimum_age": 21})

    _, listed = sent(get("/identity/policies"))

    assert [(each["name"], each["version"]) for each in listed["policies"]] == [
        ("default", 0),
        ("adults", 2),
        ("zebra", 1),
    ]


def interrupted(name, rules, monkeypatch):
    """Store a version whose name is not raised to it, as when the function is killed in between."""
    with monkeypatch.context() as killed:
        killed.setattr(policies, "_let_decide", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            policies.put(TENANT, "dev", name, policies.Policy.model_validate(rules))


def bounded(monkeypatch, reads):
    """Let the table be read so many times, and fail the test instead of looping without end."""
    table, left = boto3.resource("dynamodb").Table("tenants"), [reads]

    class Counting:
        put_item, query = table.put_item, table.query

        def get_item(self, **asked):
            left[0] -= 1
            assert left[0] >= 0, "it reads again and again"
            return table.get_item(**asked)

    monkeypatch.setattr(policies, "_table", Counting)


@pytest.mark.parametrize("times", [1, 3])
def test_a_change_that_was_interrupted_does_not_stop_the_next(monkeypatch, times):
    bounded(monkeypatch, 20)
    for _ in range(times):
        interrupted("adults", {"minimum_age": 16}, monkeypatch)

    status, policy = put("adults", {"minimum_age": 18})

    assert (status, policy["rules"]["minimum_age"]) == (200, 18)
    assert sent(get("/identity/policies/adults"))[1] == policy


def test_changes_at_once_each_get_a_version_of_their_own():
    with ThreadPoolExecutor(8) as pool:
        kept = list(
            pool.map(lambda age: policies.put(TENANT, "dev", "adults", policies.Policy(minimum_age=age)), range(10, 18))
        )

    newest = max(kept, key=lambda policy: policy.version)
    assert len({policy.version for policy in kept}) == len(kept)
    assert policies.find(TENANT, "dev", "adults") == newest


def test_the_list_has_every_name_however_much_there_is_to_read():
    for name in ("adults", "zebra"):
        put(name, {})
    table = boto3.resource("dynamodb").Table("tenants")
    one = table.get_item(Key={"owner": f"{TENANT}#dev", "id": "policy#adults"})["Item"]
    for number in range(4):  # each takes a third of DynamoDB's page of 1 MB
        table.put_item(Item={**one, "id": f"policy#middle{number}", "padding": "x" * 350_000})

    _, listed = sent(get("/identity/policies"))

    assert [each["name"] for each in listed["policies"]] == [
        "default",
        "adults",
        *(f"middle{n}" for n in range(4)),
        "zebra",
    ]


def test_versions_crowd_no_name_out_of_the_list(monkeypatch):
    for _ in range(30):
        policies.put(TENANT, "dev", "adults", policies.Policy())
    read = []
    table = boto3.resource("dynamodb").Table("tenants")

    class Listening:
        def query(self, **asked):
            answer = table.query(**asked)
            read.append(answer["ScannedCount"])
            return answer

    monkeypatch.setattr(policies, "_table", Listening)

    assert ([each.name for each in policies.list_all(TENANT, "dev")], sum(read)) == (["default", "adults"], 1)


def test_names_that_callers_invent_are_not_remembered():
    for number in range(50):
        sent(get(f"/identity/policies/invented-{number}"))

    assert len(policies._CACHE) == 0  # noqa: SLF001


def test_no_more_policies_are_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(policies, "MAX_CACHED", 3)
    for number in range(5):
        put(f"p{number}", {})
        sent(get(f"/identity/policies/p{number}"))

    assert [name for _, _, name in policies._CACHE] == ["p2", "p3", "p4"]  # noqa: SLF001


def test_a_wrong_rule_is_refused_with_a_pointer_and_nothing_is_kept():
    status, problem = put("adults", {"minimum_age": -3})

    assert (status, problem["code"], problem["field"]) == (422, "policy_rejected", "/minimum_age")
    assert sent(get("/identity/policies/adults"))[0] == 404


@pytest.mark.parametrize("name", ["Adults", "-x", "x" * 41, "é"])
def test_a_name_that_is_none_is_refused(name):
    status, problem = put(name, {})

    assert (status, problem["code"]) == (422, "validation_failed")


def test_whoever_may_only_verify_changes_no_policy():
    request = {**post_json("/identity/policies/default", {}), "httpMethod": "PUT"}
    request["requestContext"]["authorizer"]["scopes"] = "verify read"

    answer = app.handler(request, CONTEXT)

    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (403, "insufficient_scope")


def test_a_request_names_its_policy():
    put("adults", {"minimum_age": 99})

    _, verification = verified(policy="adults")

    assert (verification["status"], verification["policy"]) == ("declined", {"name": "adults", "version": 1})


def test_a_policy_that_there_is_not_is_not_found_before_anything_is_stored():
    status, problem = verified(policy="nobodys")

    assert (status, problem["field"]) == (404, "policy")
    assert sent(get("/identity/verify"))[1]["verifications"] == []


def test_the_policy_says_how_long_unless_the_request_does():
    put("short", {"retention_days": 7})

    kept = [sent_days(verified(policy="short", **form)[1]["id"]) for form in ({}, {"retention_days": 3})]

    assert kept == [7, 3]


def sent_days(identifier):
    item = verifications.table().get_item(Key={"owner": f"{TENANT}#dev", "id": identifier})["Item"]
    return (int(item["expires_at"]) - int(identifier[:11], 16) // 1000) // 86_400


def test_the_same_evidence_is_decided_again_under_another_policy():
    identifier = verified()[1]["id"]
    put("strict", {"accepted_countries": ["D"]})

    status, told = evaluated(identifier, {"policy": "strict"})

    assert (status, told["status"], [reason["code"] for reason in told["reasons"]], told["policy"]) == (
        200,
        "declined",
        ["country_not_accepted"],
        {"name": "strict", "version": 1},
    )


def test_rules_that_come_with_the_question_are_tried():
    identifier = verified()[1]["id"]

    _, told = evaluated(identifier, {"policy": {"face": {"approve_fmr": 1e-6}}})

    assert (told["status"], told["policy"]["name"]) == ("review", "inline")


def test_evaluating_changes_nothing():
    identifier = verified()[1]["id"]
    before = stored(identifier)

    evaluated(identifier, {"policy": {"accepted_types": ["card"]}})

    assert stored(identifier) == before


def test_under_the_policy_that_decided_the_answer_is_the_same():
    verification = verified()[1]

    _, told = evaluated(verification["id"], {})

    assert {name: told[name] for name in ("status", "checks", "reasons", "breakdown")} == {
        name: verification[name] for name in ("status", "checks", "reasons", "breakdown")
    }


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"policy": "nobodys"}, 404, "not_found"),
        ({"policy": {"colour": 1}}, 422, "policy_rejected"),
        ({"policy": 7}, 422, "validation_failed"),
        ({"colour": 1}, 422, "validation_failed"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(asked, status, code):
    told = evaluated(verified()[1]["id"], asked)

    assert (told[0], told[1]["code"]) == (status, code)


def test_what_is_under_way_cannot_be_evaluated_yet():
    answer = app.handler(as_admin(with_headers(post(multipart(whole_form())), Prefer="respond-async")), CONTEXT)
    identifier = json.loads(answer["body"])["id"]

    assert [evaluated(identifier, {})[1]["code"], reviewed(identifier)[1]["code"]] == ["still_processing"] * 2


def test_a_shadow_policys_answer_is_beside_the_live_one():
    put("strict", {"accepted_countries": ["D"]})
    put("default", {"shadow": "strict"})

    _, verification = verified()

    assert (verification["status"], verification["shadow"]) == (
        "approved",
        {"policy": {"name": "strict", "version": 1}, "status": "declined", "reasons": ["country_not_accepted"]},
    )


def test_a_shadow_that_there_is_not_hurts_nobody():
    put("default", {"shadow": "nobodys"})

    assert (verified()[1]["status"], verified()[1]["shadow"]) == ("approved", None)


def test_the_worker_decides_by_the_policy_of_the_request():
    put("strict", {"accepted_countries": ["D"]})
    answer = app.handler(
        as_admin(with_headers(post(multipart(whole_form(policy="strict"))), Prefer="respond-async")), CONTEXT
    )
    identifier = json.loads(answer["body"])["id"]
    put("strict", {})  # what is changed meanwhile is for later requests
    worker._look_after(TENANT, "dev", identifier, Deadline.after(20))  # noqa: SLF001

    assert (stored(identifier)["status"], stored(identifier)["policy"]["version"]) == ("declined", 1)


def reviewed(identifier, decision="approved", reason="Compared by hand.", **more):
    asked = {"decision": decision, "reason": reason, **more}
    return sent(post_json(f"/identity/verify/{identifier}/review", asked))


def test_a_review_is_the_status_and_the_trail_says_what_was_before(answers):
    answers["faces"] = faces(0.4)
    verification = verified()[1]

    _, after = reviewed(verification["id"], reviewer="r.weber")

    trail = after["reviews"][0]
    assert (verification["status"], after["status"], trail["was"], trail["reviewer"]) == (
        "review",
        "approved",
        "review",
        "r.weber",
    )
    assert stored(verification["id"]) == after


def test_a_second_review_adds_to_the_trail():
    identifier = verified()[1]["id"]
    reviewed(identifier, "declined")

    _, after = reviewed(identifier, "approved")

    assert [(each["was"], each["decision"]) for each in after["reviews"]] == [
        ("approved", "declined"),
        ("declined", "approved"),
    ]


def test_lists_find_a_verification_by_its_reviewed_status():
    identifier = verified()[1]["id"]
    reviewed(identifier, "declined")

    _, page = sent(
        get(
            "/identity/verify",
            queryStringParameters={"status": "declined"},
            multiValueQueryStringParameters={"status": ["declined"]},
        )
    )

    assert [each["id"] for each in page["verifications"]] == [identifier]


def test_of_two_reviews_at_once_the_second_is_told():
    found = verifications.find(TENANT, "dev", verified()[1]["id"])
    reviewed(found.id)

    with pytest.raises(ReviewedMeanwhile):
        reviews.record(found, "declined", "Late.", None, datetime.now(UTC))
    assert stored(found.id)["status"] == "approved"


def test_what_was_stored_before_there_was_a_field_can_be_reviewed():
    identifier = verified()[1]["id"]
    table, key = verifications.table(), {"owner": f"{TENANT}#dev", "id": identifier}
    older = json.loads(verifications.body_of(table.get_item(Key=key)["Item"]))
    del older["outcome"]["breakdown"]
    table.update_item(Key=key, UpdateExpression="SET body = :v", ExpressionAttributeValues={":v": json.dumps(older)})

    answers = [reviewed(identifier, decision)[0] for decision in ("declined", "approved")]

    assert (answers, stored(identifier)["status"]) == ([200, 200], "approved")


def test_of_many_reviews_at_once_each_is_in_the_trail_or_refused():
    identifier = verified()[1]["id"]

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda number: _reviewed_by_thread(identifier, f"r{number}"), range(8)))

    kept = {review["reviewer"] for review in stored(identifier)["reviews"]}
    assert kept == {reviewer for reviewer, ended in statuses if ended}
    assert kept


def _reviewed_by_thread(identifier, reviewer):
    asked = ReviewRequest(decision="declined", reason="Mine.", reviewer=reviewer)
    try:
        reviewing.review(TENANT, "dev", identifier, asked)
    except ReviewedMeanwhile:
        return reviewer, False
    return reviewer, True


def test_whoever_may_only_verify_reviews_nothing():
    identifier = verified()[1]["id"]
    request = post_json(f"/identity/verify/{identifier}/review", {"decision": "approved", "reason": "Mine."})
    request["requestContext"]["authorizer"]["scopes"] = "verify read delete"

    assert app.handler(request, CONTEXT)["statusCode"] == 403


@pytest.mark.parametrize(
    "asked", [{"decision": "review"}, {"reason": ""}, {"reason": "x" * 1001}, {"reviewer": "x" * 129}]
)
def test_a_review_that_is_none_is_refused(asked):
    identifier = verified()[1]["id"]

    assert reviewed(identifier, **asked)[0] == 422
    assert stored(identifier)["reviews"] == []


def seen_again(**form):
    _, verification = verified(policy="sandbox-duplicates", **form)
    return verification["status"], [reason["code"] for reason in verification["reasons"]]


def test_a_document_seen_before_goes_to_review_where_the_policy_asks():
    first = verified(policy="sandbox-duplicates")[1]

    _, second = verified(policy="sandbox-duplicates")

    check = next(check for check in second["checks"] if check["name"] == "duplicate_document")
    assert (first["status"], second["status"], check["evidence"]["verifications"]) == (
        "approved",
        "review",
        [first["id"]],
    )


def test_nobody_looks_for_duplicates_unasked():
    verified()
    verified()

    assert not [item for item in tenant_secrets.table().scan()["Items"] if item["id"].startswith("document")]


def test_another_try_under_the_same_reference_is_no_duplicate():
    assert [seen_again(reference="order 1"), seen_again(reference="order 1"), seen_again(reference="order 2")] == [
        ("approved", []),
        ("approved", []),
        ("review", ["duplicate_document"]),
    ]


def test_however_many_tries_there_were_under_the_same_reference_the_rest_is_found():
    first = verified(policy="sandbox-duplicates", reference="order 1")[1]
    for _ in range(25):
        seen_again(reference="order 2")

    _, last = verified(policy="sandbox-duplicates", reference="order 2")

    assert duplicates_of(last) == [first["id"]]


def test_tries_are_read_page_by_page_until_enough_count(monkeypatch):
    monkeypatch.setattr(document_index, "NOTES_A_PAGE", 2)
    monkeypatch.setattr(document_index, "MAX_NAMED", 3)
    first = [verified(policy="sandbox-duplicates", reference=f"order {number}")[1]["id"] for number in range(4)]
    for _ in range(5):
        seen_again(reference="another")

    _, last = verified(policy="sandbox-duplicates", reference="another")

    assert duplicates_of(last) == first[:0:-1]


def test_no_more_rows_are_read_than_is_said(monkeypatch):
    monkeypatch.setattr(document_index, "NOTES_A_PAGE", 2)
    monkeypatch.setattr(document_index, "MAX_NOTES", 4)
    verified(policy="sandbox-duplicates", reference="order 1")
    for _ in range(4):
        seen_again(reference="order 2")

    _, last = verified(policy="sandbox-duplicates", reference="order 2")

    assert duplicates_of(last) == []


def test_a_verification_whose_time_is_over_is_no_duplicate(monkeypatch):
    verified(policy="sandbox-duplicates", retention_days=1)
    now = time.time()
    monkeypatch.setattr(document_index.time, "time", lambda: now + 2 * verifications.DAY_S)  # TTL may take its time

    assert seen_again() == ("approved", [])


def test_of_two_at_the_same_time_one_at_least_sees_the_other(monkeypatch):
    noted, query = [], tenant_secrets.table().query

    def meanwhile(**asked):  # another is sent once this one is noted
        if not noted:
            noted.append(None)
            noted[0] = verified(policy="sandbox-duplicates")[1]
        return query(**asked)

    monkeypatch.setattr(tenant_secrets.table(), "query", meanwhile)

    _, slower = verified(policy="sandbox-duplicates")

    assert [noted[0]["status"], slower["status"]] == ["review", "review"]


def duplicates_of(verification):
    check = next(check for check in verification["checks"] if check["name"] == "duplicate_document")
    return check["evidence"]["verifications"]


def test_another_document_is_no_duplicate(answers):
    seen_again()
    answers["mrz"] = reading(country="UTO", number="X7654321")

    assert seen_again() == ("approved", [])


def test_a_document_that_was_not_read_for_certain_is_not_noted(answers):
    answers["mrz"] = reading(country="UTO", valid=False, valid_score=60)

    assert [seen_again(), seen_again()] == [("review", ["mrz_check_digits"])] * 2


def test_the_notes_say_neither_number_nor_reference():
    seen_again(reference="order 1")

    said = json.dumps(tenant_secrets.table().scan()["Items"], default=repr)
    assert ("L898902C3" in said, "order 1" in said) == (False, False)


def test_a_deletion_takes_the_note_with_it():
    identifier = verified(policy="sandbox-duplicates")[1]["id"]

    sent(event("DELETE", f"/identity/verify/{identifier}"))

    assert not [item for item in tenant_secrets.table().scan()["Items"] if item["id"].startswith("document")]
    assert seen_again() == ("approved", [])


def test_the_sandboxs_policies_are_not_there_for_live_keys():
    request = post(multipart(whole_form(policy="sandbox-duplicates")), mode="live")

    assert sent(request)[0] == 404


def test_a_tenant_has_so_many_policies_and_goes_on_changing_them(monkeypatch):
    monkeypatch.setattr(policies, "MAX_NAMES", 2)
    made = [put(f"policy-{number}", {"minimum_age": 18})[0] for number in range(3)]

    assert (made, put("policy-0", {"minimum_age": 21})[0]) == ([200, 200, 409], 200)
