"""`python -m tools.migrate` over items of every schema that was ever written."""

import base64
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer

from cari_aws import dynamodb
from cari_verification.aws import listing, verifications
from cari_verification.contract import public
from cari_verification.reports import ReviewReport
from cari_verification.stored import Outcome, ended, reviewed
from tests.emulated_aws import account, aws  # noqa: F401  # fixtures
from tests.integration.functions.requests import TENANT
from tools import migrate

WRITTEN = json.loads((Path(__file__).parents[2] / "recorded/stored-by-0.1.0.json").read_text())
A_YEAR_S = 365 * 86_400
OWNER = f"{TENANT}#dev"


def plain(value):
    if isinstance(value, dict) and value.keys() == {"base64"}:
        return base64.b64decode(value["base64"])
    return {name: plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def of_0_1_0(name):
    item = {key: TypeDeserializer().deserialize(plain(value)) for key, value in WRITTEN[name]["item"].items()}
    return {**item, "expires_at": int(time.time()) + A_YEAR_S}


@pytest.fixture
def table(aws):  # noqa: ARG001, F811  # it has emptied it
    return boto3.resource("dynamodb").Table("verifications")


@pytest.fixture
def first(table):
    """Items of schema 1, and one of schema 2 that is newer."""
    for name in WRITTEN:
        table.put_item(Item=of_0_1_0(name))
    newer = of_schema_2("ended", "f" * 24)
    table.put_item(Item=newer)
    return newer


def of_schema_2(name, identifier):
    read = verifications.read(of_0_1_0(name), TENANT, "dev").model_copy(update={"id": identifier})
    item = {**verifications.written(read), "schema_version": 2, "expires_at": int(time.time()) + A_YEAR_S}
    return {key: value for key, value in item.items() if key != "owner_status"}


def items(table):
    return {item["id"]: item for item in table.scan()["Items"]}


def migrated(*arguments):
    return migrate.main(["--table", "verifications", *arguments])


def listed(**filters):
    page = listing.find_page(TENANT, "dev", listing.Filters(**filters), limit=10, after=None)
    return [(each.id, each.status) for each in page.verifications]


def answered(identifier):
    return public(verifications.find(TENANT, "dev", identifier))


def in_the_index(table, status):
    found = table.query(
        IndexName=listing.BY_STATUS,
        KeyConditionExpression="owner_status = :value",
        ExpressionAttributeValues={":value": f"{OWNER}#{status}"},
    )
    return found["Items"]


@pytest.mark.usefixtures("first")
def test_without_write_nothing_is_changed_and_the_number_is_told(table, capsys):
    before = items(table)

    assert migrated() == 0

    assert capsys.readouterr().out == "3 of schema 1, 1 of schema 2\n"
    assert items(table) == before


@pytest.mark.usefixtures("first")
def test_every_verification_reads_the_same_afterwards_and_is_found_by_its_status(table, capsys):
    before = {name: answered(name) for name in items(table)}

    assert migrated("--write") == 0

    assert capsys.readouterr().out == "4 migrated\n"
    assert {name: answered(name) for name in before} == before
    for status in ("approved", "declined", "processing"):
        assert {item["id"] for item in in_the_index(table, status)} == {
            name for name, found in before.items() if found.status == status
        }


@pytest.mark.usefixtures("first")
def test_lists_are_the_same_before_and_after(table):
    before = {status: listed(status=status) for status in ("approved", "declined", "processing", "review")}

    migrated("--write")

    assert {status: listed(status=status) for status in before} == before
    assert sum(map(len, before.values())) == len(items(table)) - len(WRITTEN) + 1  # two have their evidence beside them


def test_evidence_lies_apart_afterwards_and_in_no_index(table):
    table.put_item(Item=of_0_1_0("ended"))
    identifier, evidence = (
        WRITTEN["ended"]["item"]["id"]["S"],
        verifications.find_evidence(TENANT, "dev", WRITTEN["ended"]["item"]["id"]["S"]),
    )

    migrated("--write")

    assert verifications.find_evidence(TENANT, "dev", identifier) == evidence
    assert "evidence" not in items(table)[identifier]
    assert not items(table)[f"record#{identifier}"].keys() & {"owner_reference", "owner_status", "status"}


@pytest.mark.usefixtures("first")
def test_a_second_run_finds_nothing(capsys):
    migrated("--write")
    capsys.readouterr()

    migrated("--write")

    assert capsys.readouterr().out == "nothing is outdated\n"


def test_the_newest_is_migrated_first_so_that_a_run_that_was_stopped_hides_nothing_from_lists(table, monkeypatch):
    ids_ = [f"{number:024x}" for number in range(1, 5)]
    for identifier in ids_:
        table.put_item(Item=of_schema_2("ended", identifier))
    real, done = migrate._migrated, []  # noqa: SLF001  # where it is interrupted

    def until_two_are_done(*arguments):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(arguments[1]["id"])
        return real(*arguments)

    monkeypatch.setattr(migrate, "_migrated", until_two_are_done)
    with pytest.raises(KeyboardInterrupt):
        migrated("--write")

    assert done == ids_[:1:-1]
    assert [identifier for identifier, _ in listed(status="approved")] == ids_[::-1]


def test_a_change_of_the_oldest_before_it_is_migrated_hides_nothing_from_lists(table):
    ids_ = [f"{number:024x}" for number in range(1, 4)]
    for identifier in ids_:
        table.put_item(Item=of_schema_2("ended", identifier))
    review = ReviewReport(decision="declined", reason="Forged.", reviewer=None, at=datetime.now(UTC), was="approved")

    verifications.put_change(reviewed(verifications.find(TENANT, "dev", ids_[0]), review))

    assert listed(status="approved") == [(identifier, "approved") for identifier in ids_[:0:-1]]
    assert listed(status="declined") == [(ids_[0], "declined")]


def test_an_end_of_the_oldest_before_it_is_migrated_hides_nothing_from_lists(table):
    oldest, later = f"{1:024x}", f"{2:024x}"
    table.put_item(Item=of_schema_2("under_way", oldest))
    table.put_item(Item=of_schema_2("ended", later))

    verifications.put_end(ended(verifications.find(TENANT, "dev", oldest), Outcome(status="review")), None)
    before = listed(status="approved"), listed(status="review")
    table.update_item(  # by its id it is long over
        Key={"owner": OWNER, "id": oldest},
        UpdateExpression="SET expires_at = :then",
        ExpressionAttributeValues={":then": int(time.time()) + A_YEAR_S},
    )
    migrated("--write")

    assert before[0] == listed(status="approved") == [(later, "approved")]
    assert listed(status="review") == [(oldest, "review")]


def test_what_changes_meanwhile_stays_as_it_was_changed(table, monkeypatch, capsys):
    item = of_schema_2("ended", "e" * 24)
    table.put_item(Item=item)
    update_if = dynamodb.update_if

    def changed_just_before(*arguments):
        table.update_item(
            Key={"owner": OWNER, "id": item["id"]},
            UpdateExpression="SET #status = :declined, revision = :two",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":declined": "declined", ":two": 2},
        )
        return update_if(*arguments)

    monkeypatch.setattr(dynamodb, "update_if", changed_just_before)

    assert migrated("--write") == 1

    assert capsys.readouterr().out == "1 changed meanwhile\n"
    assert "owner_status" not in items(table)[item["id"]]


def test_what_is_being_erased_is_left_alone(table):
    marked = {"owner": OWNER, "id": "d" * 24, "status": "erasing", "expires_at": int(time.time()) + A_YEAR_S}
    table.put_item(Item=marked)

    migrated("--write")

    assert items(table) == {marked["id"]: marked}
