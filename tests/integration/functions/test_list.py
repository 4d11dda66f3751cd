"""GET /identity/verify: pages, filters, cursors."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from cari_core import ids, settings
from cari_verification.aws import erasure, listing, verifications
from functions.verify import app as verify
from tests.integration.functions import api as app
from tests.integration.functions.requests import CONTEXT, TENANT, event, get, multipart, post, post_json, whole_form
from tests.unit.evidence_of_specimens import faces

pytestmark = pytest.mark.usefixtures("aws", "good_answers", "signing_key")
START = datetime.now(UTC) - timedelta(hours=1)


def made(minute=0, *, caller=None, **form):
    """Verify something in that minute, and tell its id."""
    moment_ms = int((START + timedelta(minutes=minute)).timestamp() * 1000)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(verify.ids, "new_id", lambda: real_id(moment_ms))
        answer = app.handler(post(multipart(whole_form(**form)), **(caller or {})), CONTEXT)
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])["id"]


def real_id(moment_ms, new_id=ids.new_id):
    return new_id(moment_ms)


def asked(caller=None, **query):
    shown = app.handler(
        get(
            "/identity/verify",
            queryStringParameters=query,
            multiValueQueryStringParameters={name: [value] for name, value in query.items()},
            **(caller or {}),
        ),
        CONTEXT,
    )
    return shown["statusCode"], json.loads(shown["body"])


def listed(caller=None, **query):
    status, body = asked(caller, **query)
    assert status == 200, body
    return [verification["id"] for verification in body["verifications"]]


def paged(**query):
    found, cursor = [], {}
    while True:
        _, body = asked(**query, **cursor)
        found.append([verification["id"] for verification in body["verifications"]])
        if body["next_cursor"] is None:
            return found
        cursor = {"cursor": body["next_cursor"]}


def test_the_newest_comes_first():
    ids_ = [made(minute) for minute in (1, 3, 2)]

    assert listed() == [ids_[1], ids_[2], ids_[0]]


def test_a_listed_verification_is_the_one_that_get_answers():
    identifier = made()

    _, body = asked()
    assert body["verifications"] == [json.loads(app.handler(get(f"/identity/verify/{identifier}"), CONTEXT)["body"])]


@pytest.mark.parametrize(("limit", "pages"), [(1, [1, 1, 1, 1, 1]), (2, [2, 2, 1]), (5, [5]), (100, [5])])
def test_the_pages_hold_each_verification_once_in_order(limit, pages):
    ids_ = [made(minute) for minute in range(5)]

    found = paged(limit=str(limit))

    assert [identifier for page in found for identifier in page] == ids_[::-1]
    assert [len(page) for page in found] == pages


def test_pages_go_on_where_the_last_verification_was_erased():
    ids_ = [made(minute) for minute in range(3)]
    _, body = asked(limit="1")
    verifications.table().delete_item(Key={"owner": f"{TENANT}#dev", "id": ids_[2]})

    assert listed(limit="1", cursor=body["next_cursor"]) == [ids_[1]]


def test_new_verifications_do_not_move_the_pages():
    ids_ = [made(minute) for minute in range(3)]
    _, body = asked(limit="1")
    made(9)

    assert listed(limit="5", cursor=body["next_cursor"]) == ids_[1::-1]


def test_a_filter_holds_over_all_pages(answers):
    good = [made(1), made(2)]
    answers["faces"] = faces(0.05)
    bad = [made(3), made(4)]

    assert paged(status="declined", limit="1") in ([[bad[1]], [bad[0]]], [[bad[1]], [bad[0]], []])
    assert listed(status="approved") == good[::-1]


def copied(identifier, times):
    """Store it again as later verifications, so many times."""
    table = verifications.table()
    item = table.get_item(Key=verifications.key_of(TENANT, "dev", identifier))["Item"]
    body = verifications.body_of(item).decode()
    first_ms = int(ids.created_at(identifier).timestamp() * 1000) + 1
    with table.batch_writer() as batch:
        for number in range(times):
            later = ids.new_id(first_ms + number)
            key = verifications.key_of(TENANT, "dev", later)
            owner_status = verifications.owner_status(key["owner"], item["status"])
            told = {"owner_status": owner_status, "body": body.replace(identifier, later)}
            batch.put_item(Item={**item, **key, **told})


@pytest.fixture
def scanned():
    """How many items each query of verifications looked at."""
    seen, events = [], verifications.table().meta.client.meta.events

    def note(parsed, **_):
        seen.append(parsed["ScannedCount"])

    events.register("after-call.dynamodb.Query", note)
    yield seen
    events.unregister("after-call.dynamodb.Query", note)


def test_a_list_by_status_looks_at_no_more_than_it_shows(answers, scanned):
    made()
    answers["faces"] = faces(0.05)
    declined = made(1)
    answers["faces"] = faces()
    copied(made(2), 100)
    scanned.clear()

    assert listed(status="declined", limit="10") == [declined]
    assert sum(scanned) == 2  # the owner's oldest, and the one that is shown


def test_an_item_that_has_another_status_than_its_entry_in_the_index_is_left_out(answers):
    answers["faces"] = faces(0.05)
    declined = [made(1), made(2)]
    verifications.table().update_item(
        Key={"owner": f"{TENANT}#dev", "id": declined[0]},
        UpdateExpression="SET #status = :approved",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":approved": "approved"},
    )

    assert listed(status="declined") == [declined[1]]


def test_a_review_moves_a_verification_to_the_list_of_its_new_status():
    identifier = made()
    request = post_json(f"/identity/verify/{identifier}/review", {"decision": "declined", "reason": "It is forged."})
    request["requestContext"]["authorizer"]["scopes"] = "read admin"
    app.handler(request, CONTEXT)

    assert (listed(status="approved"), listed(status="declined")) == ([], [identifier])


def test_what_is_erased_is_in_no_list():
    identifier = made()
    erasure.mark(TENANT, "dev", identifier)

    assert (listed(), listed(status="approved"), listed(type="passport")) == ([], [], [])


def test_a_list_by_status_is_whole_while_older_items_are_not_in_the_index():
    ids_ = [made(minute) for minute in range(3)]
    for identifier in ids_[:2]:
        verifications.table().update_item(
            Key={"owner": f"{TENANT}#dev", "id": identifier},
            UpdateExpression="SET schema_version = :two REMOVE owner_status",
            ExpressionAttributeValues={":two": 2},
        )

    assert paged(status="approved", limit="2")[0] == ids_[:0:-1]
    assert listed(status="approved") == listed(type="passport") == ids_[::-1]


@pytest.fixture
def in_four_shards(monkeypatch):
    """Let what is made from START on be spread over four keys."""
    monkeypatch.setenv("OWNER_SHARDS", f"1,4@{int(START.timestamp())}")
    settings.forget()


@pytest.mark.usefixtures("in_four_shards")
@pytest.mark.parametrize(
    "query", [{}, {"status": "approved"}, {"type": "passport"}, {"reference": "same"}], ids=lambda query: str([*query])
)
@pytest.mark.parametrize("limit", ["1", "4", "20"])
def test_pages_are_the_same_over_several_keys(query, limit):
    ids_ = [made(minute, reference="same") for minute in (-2, -1, *range(10))]

    found = paged(limit=limit, **query)

    assert [identifier for page in found for identifier in page] == ids_[::-1]
    owners = {item["owner"] for item in verifications.table().scan()["Items"]}
    assert len(owners) > 2


@pytest.mark.usefixtures("in_four_shards")
def test_one_of_any_key_is_read_reviewed_and_erased():
    for minute in (-1, 0, 1, 2, 3):
        identifier = made(minute)
        path = f"/identity/verify/{identifier}"
        admin = post_json(f"{path}/review", {"decision": "declined", "reason": "It is forged."})
        admin["requestContext"]["authorizer"]["scopes"] = "read admin"

        statuses = [app.handler(each, CONTEXT)["statusCode"] for each in (get(path), admin, event("DELETE", path))]

        assert statuses == [200, 200, 200]
    assert verifications.table().scan()["Items"] == []


@pytest.mark.usefixtures("in_four_shards")
@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_nobody_lists_anothers_of_any_key(other):
    for minute in range(5):
        made(minute)

    assert listed(other) == listed(other, status="approved") == []


@pytest.mark.parametrize("shards", ["1", "4"])
def test_when_no_more_may_be_asked_the_page_ends_and_the_next_goes_on(monkeypatch, shards):
    monkeypatch.setenv("OWNER_SHARDS", f"1,{shards}@{int(START.timestamp())}" if shards != "1" else "1")
    settings.forget()
    passports = [made(minute) for minute in range(3)]
    copied(made(5, type="card"), 12)
    monkeypatch.setattr(listing, "MAX_QUERIES", 1)
    monkeypatch.setattr(listing, "FILTERED_ENTRIES", 2)
    monkeypatch.setattr(listing, "FILTERED_ITEMS", 2)

    found = paged(type="passport", limit="2")

    assert len(found) > 2
    assert [identifier for page in found for identifier in page] == passports[::-1]


def test_one_among_many_that_do_not_fit_is_on_the_first_page(answers):
    answers["faces"] = faces(0.05)
    declined = made()
    answers["faces"] = faces()
    copied(made(1), 300)

    assert listed(status="declined", limit="1") == [declined]


def test_what_has_expired_takes_no_room_on_a_page():
    living = made()
    identifier = made(1)
    verifications.table().update_item(
        Key={"owner": f"{TENANT}#dev", "id": identifier},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": int(datetime.now(UTC).timestamp()) - 1},
    )
    copied(identifier, 300)

    assert listed(limit="1") == [living]


def test_the_pages_of_a_filter_hold_each_verification_once_in_order(answers):
    mine = [made(minute) for minute in range(5)]
    answers["faces"] = faces(0.05)
    made(10)

    assert [identifier for page in paged(status="approved", limit="2") for identifier in page] == mine[::-1]


def test_the_type_is_a_filter():
    passport = made(1)
    made(2, type="card")

    assert listed(type="passport") == [passport]


@pytest.mark.parametrize("reference", ["order 17", "Zoë/№ 5", "🛂", "a" * 128])
def test_a_reference_finds_what_was_called_so(reference):
    made(1, reference="another")
    mine = [made(2, reference=reference), made(3, reference=reference)]

    assert listed(reference=reference) == mine[::-1]


def test_a_reference_is_said_back():
    made(reference="order 17", metadata='{"desk": "Zürich"}')

    verification = asked()[1]["verifications"][0]
    assert (verification["reference"], verification["metadata"]) == ("order 17", {"desk": "Zürich"})


def test_pages_by_reference_hold_each_once():
    mine = [made(minute, reference="same") for minute in range(3)]

    assert [identifier for page in paged(reference="same", limit="1") for identifier in page] == mine[::-1]


def test_times_bound_the_list_on_both_sides_and_leave_the_bounds_out():
    ids_ = [made(minute) for minute in range(4)]
    bounds = [ids.created_at(identifier).isoformat() for identifier in ids_]

    assert listed(created_after=bounds[0], created_before=bounds[3]) == [ids_[2], ids_[1]]


def test_a_plus_that_arrived_as_a_space_is_one():
    identifier = made()

    assert listed(created_before=(START + timedelta(days=1)).isoformat().replace("+", " ")) == [identifier]


@pytest.mark.parametrize("bound", ["1900-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_bounds_beyond_all_ids_are_bounds(bound):
    identifier = made()

    assert {tuple(listed(created_after=bound)), tuple(listed(created_before=bound))} == {(), (identifier,)}


def test_bounds_the_wrong_way_round_find_nothing():
    made()

    assert listed(created_after="2090-01-01T00:00:00Z", created_before="1980-01-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"status": "fine"},
        {"type": "library_card"},
        {"created_after": "yesterday"},
        {"created_after": "2026-01-01T00:00:00"},
        {"reference": ""},
        {"reference": "x" * 129},
        {"reference": "line\nbreak"},
    ],
)
def test_a_filter_that_is_none_is_refused_by_name(query):
    status, problem = asked(**query)

    assert (status, problem["code"], problem["field"]) == (422, "validation_failed", next(iter(query)))


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_nobody_lists_anothers(other):
    made(reference="same")

    assert listed(other) == listed(other, reference="same") == []


@pytest.mark.parametrize("other", [{"tenant": "b" * 24}, {"mode": "live"}])
def test_anothers_cursor_is_refused(other):
    made(1)
    made(2)
    _, body = asked(limit="1")
    for minute in (1, 2):
        made(minute, caller=other)

    status, problem = asked(other, limit="1", cursor=body["next_cursor"])

    assert (status, problem["code"], problem["field"]) == (422, "cursor_rejected", "cursor")


def test_a_cursor_is_good_for_its_own_filters_only():
    made(1)
    made(2)
    _, body = asked(limit="1")

    assert asked(limit="1", status="approved", cursor=body["next_cursor"])[1]["code"] == "cursor_rejected"


def test_a_cursor_with_any_character_altered_is_refused():
    made(1)
    made(2)
    cursor = asked(limit="1")[1]["next_cursor"]
    altered = [
        cursor[:place] + ("A" if letter != "A" else "B") + cursor[place + 1 :]
        for place, letter in enumerate(cursor[:-1])  # the last carries bits that mean nothing
    ]

    assert {asked(limit="1", cursor=one)[0] for one in altered} == {422}


@pytest.mark.parametrize("cursor", ["x", "é", "=" * 90, "A" * 200, "../..", "null"])
def test_a_made_up_cursor_is_refused(cursor):
    assert asked(cursor=cursor)[1]["code"] == "cursor_rejected"


def test_what_has_expired_is_not_listed_nor_read():
    identifier = made()
    verifications.table().update_item(
        Key={"owner": f"{TENANT}#dev", "id": identifier},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": int(datetime.now(UTC).timestamp()) - 1},
    )

    assert (listed(), app.handler(get(f"/identity/verify/{identifier}"), CONTEXT)["statusCode"]) == ([], 404)


def test_nothing_is_scanned(monkeypatch):
    made()
    monkeypatch.setattr(type(verifications.table()), "scan", None, raising=False)

    assert len(listed()) == 1


def test_a_page_has_room_for_what_callers_make_long(monkeypatch):
    posted = [made(minute, metadata=json.dumps({"note": "\U0001f6c2" * 500})) for minute in range(3)]
    monkeypatch.setattr(listing, "PAGE_BYTES", 2_000)

    assert paged(limit="100") == [[identifier] for identifier in reversed(posted)]
