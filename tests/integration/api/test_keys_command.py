import json

import boto3
import pytest

from cari_api.auth import keys
from functions.keys import __main__ as command

TENANT = "a" * 24


@pytest.fixture
def table(aws):  # noqa: ARG001  # it is there as long as the test runs
    return boto3.resource("dynamodb").Table("keys")


def made(table, capsys, *arguments):
    assert command.main(["create", "--name", "checkout", *arguments], table) == 0
    return keys.find(table, capsys.readouterr().out.removesuffix("\n"))


def test_the_key_alone_is_printed_and_it_is_registered(table, capsys):
    known = made(table, capsys)

    assert (known.name, known.mode, known.scopes) == ("checkout", "dev", ("verify", "read", "delete"))
    assert keys.TENANT.fullmatch(known.tenant)


def test_a_key_is_made_as_it_is_asked_for(table, capsys):
    known = made(
        *(table, capsys, "--tenant", TENANT, "--mode", "live", "--scopes", "read,admin", "--expires-in-days", "2"),
        *("--requests-per-minute", "5", "--verifications-per-month", "0"),
    )

    assert (known.tenant, known.mode, known.scopes, known.lifetime_s) == (TENANT, "live", ("read", "admin"), 172_800)
    assert (known.requests_per_minute, known.verifications_per_month) == (5, 0)
    assert known.expires_at - known.created_at.timestamp() == pytest.approx(172_800, abs=60)


@pytest.fixture
def stack(table, monkeypatch):  # noqa: ARG001  # its table
    gateway = boto3.client("apigateway")
    plans = {f"{mode}UsagePlan": gateway.create_usage_plan(name=mode)["id"] for mode in ("Dev", "Live")}
    monkeypatch.setattr(command, "_outputs", lambda _stack: {"ApiKeysTable": "keys", **plans})
    return plans


def made_in_aws(capsys, *arguments):
    assert command.main(["--stack", "cari-dev", "create", "--name", "checkout", *arguments]) == 0
    return keys.find(boto3.resource("dynamodb").Table("keys"), capsys.readouterr().out.strip())


def planned(plan):
    found = boto3.client("apigateway").get_usage_plan_keys(usagePlanId=plan)["items"]
    return [each["value"] for each in found]


@pytest.mark.usefixtures("stack")
def test_against_aws_the_stack_is_named_and_says_where_its_keys_are(capsys):
    command.main(["--stack", "cari-dev", "create", "--name", "checkout"])

    assert keys.find(boto3.resource("dynamodb").Table("keys"), capsys.readouterr().out.strip())


def test_a_tenant_has_a_place_of_its_own_in_the_usage_plan_of_each_mode(stack, capsys):
    dev, live = (made_in_aws(capsys, "--tenant", TENANT, "--mode", mode) for mode in ("dev", "live"))
    other = made_in_aws(capsys)

    assert len({dev.usage_key, live.usage_key, other.usage_key}) == 3
    assert planned(stack["LiveUsagePlan"]) == [live.usage_key]
    assert sorted(planned(stack["DevUsagePlan"])) == sorted([dev.usage_key, other.usage_key])


def test_a_tenants_second_key_shares_the_firsts_place(stack, capsys):
    first, second = (made_in_aws(capsys, "--tenant", TENANT) for _ in range(2))

    assert first.usage_key == second.usage_key
    assert planned(stack["DevUsagePlan"]) == [first.usage_key]


def test_a_tenants_keys_are_listed_a_line_each_without_secrets(table, capsys):
    known = made(table, capsys, "--tenant", TENANT)
    made(table, capsys, "--tenant", TENANT, "--mode", "live")
    made(table, capsys)

    command.main(["list", "--tenant", TENANT], table)

    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(key["id"], key["hint"]) for key in listed] == [(known.id, known.hint)]


def test_a_key_is_revoked_by_its_id(table, capsys):
    known = made(table, capsys, "--tenant", TENANT)

    assert command.main(["revoke", known.id, "--tenant", TENANT], table) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "revoked"
    assert keys.find_by_id(table, f"{TENANT}#dev", known.id).state == "revoked"


def test_a_key_of_another_mode_is_not_revoked(table, capsys):
    known = made(table, capsys, "--tenant", TENANT)

    assert command.main(["revoke", known.id, "--tenant", TENANT, "--mode", "live"], table) == 1
    assert keys.find_by_id(table, f"{TENANT}#dev", known.id).state == "active"


@pytest.mark.usefixtures("aws")
def test_a_table_that_is_not_there_is_said_in_a_line(capsys):
    nowhere = boto3.resource("dynamodb").Table("nowhere")

    assert command.main(["create", "--name", "checkout"], nowhere) == 1
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        ["create"],
        ["create", "--name", "x", "--scopes", "root"],
        ["create", "--name", "x", "--scopes", ""],
        ["create", "--name", "x", "--tenant", "me"],
        ["create", "--name", "x", "--mode", "test"],
        ["create", "--name", "x", "--expires-in-days", "0"],
        ["create", "--name", "x", "--requests-per-minute", "-1"],
        ["list"],
        ["revoke", "0" * 24],
        [],
    ],
)
def test_what_cannot_be_meant_is_refused_and_makes_no_key(table, wrong):
    with pytest.raises(SystemExit, match="2"):
        command.main(wrong, table)

    assert table.scan()["Items"] == []
