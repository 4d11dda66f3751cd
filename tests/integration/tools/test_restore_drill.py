"""`make drill`: the rehearsal on the local stack holds; a deployed stack is reported on, and written back when told."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction

from local.aws.kms import signing_as_kms
from tests.integration.tools import deployed
from tools.restore_drill import __main__ as drill
from tools.restore_drill import tables

LOST, ERASED, LEFT = "1" * 24, "2" * 24, "3" * 24


def test_the_rehearsal_holds_in_every_claim():
    ran = subprocess.run([sys.executable, "-m", "tools.restore_drill"], capture_output=True, text=True, check=False)

    assert (ran.returncode, "fail" in ran.stdout) == (0, False), ran.stdout + ran.stderr
    assert "ok   what was erased since stays erased" in ran.stdout


@pytest.fixture
def stack(monkeypatch):
    """A deployed stack that loses one verification, and has another erased, after it was restored."""
    for name, value in deployed.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(LambdaFunction, "invoke", lambda *_: b"{}")
    with mock_aws(), signing_as_kms():
        session = deployed.deploy()
        monkeypatch.setattr(boto3, "Session", lambda: session)
        found = tables.Deployed.of(deployed.STACK, session.client)
        live = session.resource("dynamodb").Table(found.names["VerificationsTable"])
        for identifier in (LOST, ERASED, LEFT):
            ends = {"status": "approved", "body": "{}", "expires_at": int(time.time()) + 1000}
            live.put_item(Item={"owner": "t#dev", "id": identifier, **ends})
        monkeypatch.setattr(tables, "restore", then_lose(tables.restore, found, live))
        yield found


def then_lose(restore, stack, live):
    def restored(*asked):
        names = restore(*asked)
        for identifier in (LOST, ERASED):
            live.delete_item(Key={"owner": "t#dev", "id": identifier})
        log(stack, {"message": "erasing", "verification": ERASED})
        return names

    return restored


def log(stack, line):
    client, group = stack.client("logs"), stack.names["Logs"]
    client.create_log_stream(logGroupName=group, logStreamName="s")
    event = {"timestamp": int(time.time() * 1000), "message": json.dumps(line)}
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[event])


def ids_in(stack):
    answer = stack.client("dynamodb").scan(TableName=stack.names["VerificationsTable"])
    return {item["id"]["S"] for item in answer["Items"]}


def restored_tables(stack):
    return [name for name in stack.client("dynamodb").list_tables()["TableNames"] if "restored" in name]


def test_without_being_told_it_writes_nothing_back_and_fails_while_something_is_lost(stack, capsys):
    assert drill.main(["--stack", deployed.STACK]) == 1

    assert (ids_in(stack), restored_tables(stack)) == ({LEFT}, [])
    assert f"VerificationsTable lost {LOST}\n" in capsys.readouterr().out


def test_when_told_it_writes_back_what_was_lost_and_not_what_was_erased(stack, capsys):
    assert drill.main(["--stack", deployed.STACK, "--write-back", "VerificationsTable"]) == 0

    assert (ids_in(stack), restored_tables(stack)) == ({LEFT, LOST}, [])
    assert "VerificationsTable: wrote 1 of 1 back" in capsys.readouterr().out


def test_restored_tables_stay_where_that_is_asked_for(stack):
    drill.main(["--stack", deployed.STACK, "--keep"])

    assert len(restored_tables(stack)) == 4


def test_what_came_meanwhile_is_not_overwritten(stack):
    taken = {"owner": {"S": "t#dev"}, "id": {"S": LEFT}, "status": {"S": "declined"}}

    assert tables.write_back(stack, "VerificationsTable", [taken]) == 0


def test_a_moment_before_the_oldest_log_line_is_refused(stack, capsys):
    long_ago = datetime.now(UTC) - timedelta(days=31)

    assert drill.main(["--stack", deployed.STACK, "--at", long_ago.isoformat()]) == 2
    assert "Logs are kept for 30 days" in capsys.readouterr().err
    assert restored_tables(stack) == []


def test_a_table_that_cannot_be_taken_back_is_said(stack, capsys):
    off = {"PointInTimeRecoveryEnabled": False}
    stack.client("dynamodb").update_continuous_backups(
        TableName=stack.names["SeenTable"], PointInTimeRecoverySpecification=off
    )

    assert drill.main(["--stack", deployed.STACK]) == 2
    assert "SeenTable cannot be taken back" in capsys.readouterr().err
