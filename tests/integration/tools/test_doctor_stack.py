"""`make doctor STACK=…` on the template in moto: a sound stack is found sound, and what is wrong is named."""

import copy
import dataclasses

import boto3
import pytest
from botocore.exceptions import ClientError
from joserfc.jwk import ECKey
from moto import mock_aws
from moto.awslambda.models import LambdaFunction

from cari_core.release import VERSION
from local import template
from local.aws.kms import signing_as_kms
from tests.integration.tools import deployed
from tools.doctor import __main__ as doctor
from tools.doctor import stack, stack_checks
from tools.doctor.stack import Answered, Unread


@pytest.fixture(scope="module")
def session():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in deployed.CREDENTIALS.items():
            patch.setenv(name, value)
        patch.setattr(LambdaFunction, "invoke", lambda *_: b"{}")  # moto delivers S3's test event, and asks Docker
        with mock_aws(), signing_as_kms():
            yield deployed.deploy()


def api(session):
    """Answer as the deployed API would: the functions themselves do not run here."""
    key = session.client("kms").get_public_key(KeyId=f"alias/{deployed.STACK}-signing")["PublicKey"]
    own = ECKey.import_key(key)
    answers = {
        "openapi.json": Answered(200, {"openapi": "3.1.0", "info": {"version": VERSION}}),
        "jwks.json": Answered(200, {"keys": [{**own.as_dict(private=False), "kid": own.thumbprint()}]}),
        "verify": Answered(401),
    }
    return lambda url: answers[url.rpartition("/")[2]]


def read(session):
    return stack.read(session, deployed.STACK, api(session), lambda _: deployed.face_layer())


@pytest.fixture(scope="module")
def sound(session):
    return read(session)


def findings(of, **parameters):
    """Check a stack, deployed with other parameters if need be."""
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in {**of.parameters, **parameters}.items()]
    changed = dataclasses.replace(of, described={**of.described, "Parameters": given})
    return stack_checks.findings(changed, template.read())


def amiss(of, **parameters):
    """What is not ok, without what every stack of the stage dev is told."""
    found = [(each.verdict, each.check, each.subject, each.says) for each in findings(of, **parameters)]
    return [each for each in found if each[0] != "ok" and "DeletionProtection" not in each[3]]


def test_a_sound_stack_is_found_sound(sound):
    assert amiss(sound) == []


def test_everything_that_is_looked_at_is_found(sound):
    assert {each.check for each in findings(sound)} == {
        *("stack", "function", "weights", "concurrency", "queues", "usage plan", "alarms", "table", "keys", "bucket"),
        *("signing", "logs", "api"),
    }


@pytest.mark.parametrize(("stage", "verdict"), [("dev", "warn"), ("prod", "fail")])
def test_tables_that_may_be_deleted_are_a_fault_outside_dev(sound, stage, verdict):
    unprotected = [each for each in findings(sound, Stage=stage) if "DeletionProtection" in each.says]

    tables = ("VerificationsTable", "TenantsTable", "SeenTable", "ApiKeysTable", "SigningKeysTable")
    assert {(each.verdict, each.subject) for each in unprotected} == {(verdict, name) for name in tables}


def put(name, value, *path):
    """Make a change of what was read: `value` at a path of keys and attributes below the stack's field `name`."""

    def changed(of):
        fields = {name: copy.deepcopy(getattr(of, name))}
        if not path:
            return dataclasses.replace(of, **{name: value})
        place = fields[name]
        for step in path[:-1]:
            place = place[step] if isinstance(place, dict | list) else getattr(place, step)
        place[path[-1]] = value
        return dataclasses.replace(of, **fields)

    return changed


WRONG = {  # what is wrong → the change, parameters, verdict, check, subject, and some words of the sentence
    "a stack that was rolled back": (
        put("described", "ROLLBACK_COMPLETE", "StackStatus"),
        {},
        "fail",
        "stack",
        deployed.STACK,
        "ROLLBACK_COMPLETE",
    ),
    "a stack whose update was undone": (
        put("described", "UPDATE_ROLLBACK_COMPLETE", "StackStatus"),
        {},
        "warn",
        "stack",
        deployed.STACK,
        "was undone",
    ),
    "a stack that is being updated": (
        put("described", "UPDATE_IN_PROGRESS", "StackStatus"),
        {},
        "warn",
        "stack",
        deployed.STACK,
        "ask again",
    ),
    "an update that failed in a function": (
        put("functions", "Failed", "MrzFunction", "LastUpdateStatus"),
        {},
        "fail",
        "function",
        "MrzFunction",
        "cannot run",
    ),
    "a function on another processor": (
        put("functions", ["arm64"], "MrzFunction", "Architectures"),
        {},
        "fail",
        "function",
        "MrzFunction",
        "x86_64",
    ),
    "a face model that was not built in": (
        lambda of: of,
        {"FaceModel": "sface"},
        "fail",
        "weights",
        "FaceLayer",
        "MODEL=sface",
    ),
    "an account without concurrency": (
        put("concurrency", 3, "UnreservedConcurrentExecutions"),
        {},
        "fail",
        "concurrency",
        "account",
        "Service Quotas",
    ),
    "an account with little concurrency": (
        put("concurrency", 10, "UnreservedConcurrentExecutions"),
        {},
        "warn",
        "concurrency",
        "account",
        "lower it",
    ),
    "a queue that is not polled": (
        put("pollers", "Disabled", 0, "State"),
        {},
        "fail",
        "queues",
        "cari-local-",
        "enable it",
    ),
    "no poller at all": (put("pollers", []), {}, "fail", "queues", "pollers", "no function polls"),
    "messages that were laid aside": (
        put("queues", "2", "WorkDeadLetterQueue", "ApproximateNumberOfMessages"),
        {},
        "warn",
        "queues",
        "WorkDeadLetterQueue",
        "2 messages",
    ),
    "a queue that gives up early": (
        put("queues", '{"maxReceiveCount": 1}', "WorkQueue", "RedrivePolicy"),
        {},
        "fail",
        "queues",
        "WorkQueue",
        "not 5",
    ),
    "a plan of no stage": (
        put("plans", [], "LiveUsagePlan", "plan", "apiStages"),
        {},
        "fail",
        "usage plan",
        "LiveUsagePlan",
        "limits nobody",
    ),
    "a plan whose key is disabled": (
        put("plans", False, "DevUsagePlan", "keys", 0, "enabled"),
        {},
        "fail",
        "usage plan",
        "DevUsagePlan",
        "403",
    ),
    "a plan whose key the authorizer does not name": (
        put("plans", "other", "DevUsagePlan", "keys", 0, "value"),
        {},
        "fail",
        "usage plan",
        "DevUsagePlan",
        "authorizer",
    ),
    "no alarm": (put("alarms", []), {}, "fail", "alarms", "ServerErrorsAlarm", "is not there"),
    "an alarm that tells nobody": (
        put("alarms", False, 0, "ActionsEnabled"),
        {},
        "fail",
        "alarms",
        "Alarm",
        "tells nobody",
    ),
    "an alarm that tells another topic": (
        put("alarms", [], 0, "AlarmActions"),
        {},
        "fail",
        "alarms",
        "Alarm",
        "tells nobody",
    ),
    "an alarm that has gone off": (
        put("alarms", "ALARM", 0, "StateValue"),
        {},
        "warn",
        "alarms",
        "Alarm",
        "docs/operating.md#",
    ),
    "a subscription that nobody confirmed": (
        put("subscriptions", "PendingConfirmation", 0, "SubscriptionArn"),
        {},
        "fail",
        "alarms",
        "AlarmTopic",
        "AWS's mail",
    ),
    "nobody subscribed in dev": (put("subscriptions", []), {}, "warn", "alarms", "AlarmTopic", "AlarmEmail"),
    "nobody subscribed in production": (
        put("subscriptions", []),
        {"Stage": "prod"},
        "fail",
        "alarms",
        "AlarmTopic",
        "AlarmEmail",
    ),
    "a table that is not active": (
        put("tables", "UPDATING", "SeenTable", "table", "TableStatus"),
        {},
        "fail",
        "table",
        "SeenTable",
        "UPDATING",
    ),
    "a table where nothing expires": (
        put("tables", "DISABLED", "QuotaTable", "expiry", "TimeToLiveStatus"),
        {},
        "fail",
        "table",
        "QuotaTable",
        "kept for ever",
    ),
    "a table that expires by another attribute": (
        put("tables", "expires_at", "ApiKeysTable", "expiry", "AttributeName"),
        {},
        "fail",
        "table",
        "ApiKeysTable",
        "erase_at",
    ),
    "a table without recovery": (
        put("tables", {}, "SeenTable", "backups", "PointInTimeRecoveryDescription"),
        {},
        "fail",
        "table",
        "SeenTable",
        "is off",
    ),
    "a table with other days of recovery": (
        put("tables", 7, "SeenTable", "backups", "PointInTimeRecoveryDescription", "RecoveryPeriodInDays"),
        {},
        "fail",
        "table",
        "SeenTable",
        "7 days",
    ),
    "no key": (put("keys", []), {}, "fail", "keys", "ApiKeysTable", "functions.keys"),
    "a bucket that may be made public": (
        lambda of: with_bucket(of, public_access={"BlockPublicAcls": True}),
        {},
        "fail",
        "bucket",
        "Bucket",
        "made public",
    ),
    "a bucket that erases nothing": (
        lambda of: with_bucket(of, lifecycle={}),
        {},
        "fail",
        "bucket",
        "Bucket",
        "unclaimed-uploads",
    ),
    "a bucket that erases late": (
        lambda of: of,
        {"RetentionDays": "7"},
        "fail",
        "bucket",
        "Bucket",
        "RetentionDays says 7",
    ),
    "a bucket that is not encrypted": (
        lambda of: with_bucket(of, encryption={}),
        {},
        "fail",
        "bucket",
        "Bucket",
        "not encrypted",
    ),
    "a bucket that keeps versions": (
        lambda of: with_bucket(of, versioning={"Status": "Enabled"}),
        {},
        "warn",
        "bucket",
        "Bucket",
        "suspend versioning",
    ),
    "a bucket that tells of no job": (
        lambda of: with_bucket(of, notifications={}),
        {},
        "fail",
        "bucket",
        "Bucket",
        "batch queue",
    ),
    "a key that is to be deleted": (
        lambda of: with_key(of, KeyState="PendingDeletion"),
        {},
        "fail",
        "signing",
        "SigningKey",
        "cancel its deletion",
    ),
    "a key of another kind": (
        lambda of: with_key(of, KeySpec="RSA_2048"),
        {},
        "fail",
        "signing",
        "SigningKey",
        "RSA_2048",
    ),
    "keys that are published without the one that signs": (
        put("jwks", Answered(200, {"keys": []})),
        {},
        "fail",
        "signing",
        "/.well-known/jwks.json",
        "nobody can check",
    ),
    "keys that are not published": (
        put("jwks", Answered(500)),
        {},
        "fail",
        "signing",
        "/.well-known/jwks.json",
        "answered 500",
    ),
    "logs that are kept for ever": (put("logs", {}), {}, "fail", "logs", "Logs", "for ever"),
    "an API that does not answer": (put("openapi", Answered(502)), {}, "fail", "api", "/openapi.json", "answered 502"),
    "an API of another version": (
        put("openapi", "0.0.1", "body", "info", "version"),
        {},
        "warn",
        "api",
        "/openapi.json",
        "version 0.0.1",
    ),
    "an API that asks for no key": (
        put("without_key", Answered(200)),
        {},
        "fail",
        "api",
        "/identity/verify",
        "at once",
    ),
}


def with_bucket(of, **changes):
    return dataclasses.replace(of, bucket=dataclasses.replace(of.bucket, **changes))


def with_key(of, **changes):
    return dataclasses.replace(
        of, signing_key=dataclasses.replace(of.signing_key, key={**of.signing_key.key, **changes})
    )


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_named_with_what_to_do(sound, wrong):
    change, parameters, verdict, check, subject, words = WRONG[wrong]

    found = amiss(change(sound), **parameters)

    assert [each for each in found if each[:2] == (verdict, check) and subject in each[2] and words in each[3]], found


def test_a_resource_that_this_checkout_has_and_the_stack_has_not_is_named(sound):
    older = dataclasses.replace(sound, resources={n: each for n, each in sound.resources.items() if n != "SeenTable"})

    (missing,) = [each for each in amiss(older) if each[2] == "resources"]

    assert "SeenTable" in missing[3]


@pytest.mark.parametrize(
    "field",
    [
        each.name
        for each in dataclasses.fields(stack.Stack)
        if each.name not in {"described", "resources", "functions", "plans", "tables", "queues"}
    ],
)
def test_what_may_not_be_read_is_a_fault_and_hides_no_other_finding(sound, field):
    denied = dataclasses.replace(sound, **{field: Unread("GetThis: AccessDenied")})

    found = amiss(denied)

    assert [(each[0], "GetThis: AccessDenied" in each[3]) for each in found] == [("fail", True)]
    assert len(findings(denied)) > len(found)


def test_a_refusal_by_aws_is_kept_as_what_could_not_be_read(session, monkeypatch):
    def refuse(*_):
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeAlarms")

    monkeypatch.setattr(stack._Reader, "alarms", refuse)  # noqa: SLF001

    assert read(session).alarms == Unread("DescribeAlarms: AccessDenied")


def test_with_rekognition_no_weights_are_asked_for(sound):
    assert amiss(dataclasses.replace(sound), FaceBackend="rekognition", FaceModel="sface") == []


def test_what_changed_in_aws_is_seen(session, sound):
    dynamodb, table = session.client("dynamodb"), sound.resources["SeenTable"]
    off = {"PointInTimeRecoveryEnabled": False}
    on = {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
    dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=off)
    session.client("s3").put_bucket_versioning(
        Bucket=sound.resources["Bucket"], VersioningConfiguration={"Status": "Enabled"}
    )

    found = [(each[0], each[2]) for each in amiss(read(session))]

    dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=on)
    session.client("s3").put_bucket_versioning(
        Bucket=sound.resources["Bucket"], VersioningConfiguration={"Status": "Suspended"}
    )
    assert found == [("fail", "SeenTable"), ("warn", "Bucket")]


def test_a_stack_that_is_not_there_is_no_crash(session, monkeypatch, capsys):
    monkeypatch.setattr(boto3, "Session", lambda: session)

    assert doctor.main(["--stack", "cari-nowhere"]) == 2
    assert "cari-nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(("answered", "status"), [(Answered(401), 0), (Answered(200), 1)])
def test_the_exit_status_says_whether_anything_fails(session, monkeypatch, capsys, answered, status):
    well = api(session)
    monkeypatch.setattr(boto3, "Session", lambda: session)
    monkeypatch.setattr(stack, "fetch_over_http", lambda _: deployed.face_layer())
    monkeypatch.setattr(stack, "ask_over_http", lambda url: answered if url.endswith("/verify") else well(url))

    assert doctor.main(["--stack", deployed.STACK]) == status
    assert f"{status} fail" in capsys.readouterr().out
