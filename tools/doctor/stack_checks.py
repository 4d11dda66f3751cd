"""The checks of a deployed stack: from what was read of it and the template that it should be made of, to findings.

Pure: what AWS says goes in, findings come out. Outside the stage `dev` what protects data and people must be on.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from joserfc.jwk import ECKey

from cari_core.release import VERSION
from tools.doctor import build
from tools.doctor.finding import fail, ok, warn
from tools.doctor.stack import Unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tools.doctor.finding import Finding
    from tools.doctor.stack import Answered, Bucket, Described, SigningKey, Stack, Table, UsagePlan, Weights

Value = TypeVar("Value")
SETTLED = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
AT_ONCE = 4  # executions of one POST: authorizer, verify, two engines
MIN_RECEIVES = 5  # AWS's advice for a queue that starts a function
OK, UNAUTHORIZED = 200, 401


def findings(stack: Stack, template: Mapping[str, Any]) -> list[Finding]:
    """Check everything; `template` is the one that this checkout deploys, as it is written."""
    resources = template["Resources"]
    is_dev = stack.parameters.get("Stage", "dev") == "dev"
    return [
        *_deployed(stack, resources),
        *_each("function", stack.functions, lambda name, read: _function(name, read, stack.parameters)),
        *_read("weights", "FaceLayer", stack.weights, lambda read: _weights(read, stack.parameters)),
        *_read("concurrency", "account", stack.concurrency, lambda read: _concurrency(read, stack.parameters)),
        *_read("queues", "pollers", stack.pollers, _pollers),
        *_each("queues", stack.queues, _queue),
        *_each("usage plan", stack.plans, lambda name, read: _plan(name, read, stack)),
        *_read("alarms", "alarms", stack.alarms, lambda read: _alarms(read, stack, resources)),
        *_read("alarms", "AlarmTopic", stack.subscriptions, lambda read: _subscribed(read, is_dev=is_dev)),
        *_each(
            "table", stack.tables, lambda name, read: _table(name, read, resources, stack.parameters, is_dev=is_dev)
        ),
        *_read("keys", "ApiKeysTable", stack.keys, _keys),
        *_read("bucket", "Bucket", stack.bucket, lambda read: _bucket(read, resources, stack)),
        *_read("signing", "SigningKey", stack.signing_key, lambda read: _signing_key(read, stack.jwks)),
        *_read("logs", "Logs", stack.logs, lambda read: _logs(read, stack.parameters)),
        *_read("api", "/openapi.json", stack.openapi, _openapi),
        *_read("api", "/identity/verify", stack.without_key, _without_key),
    ]


def _read(
    check: str, subject: str, value: Value | Unread, of: Callable[[Value], Iterable[Finding]]
) -> Iterator[Finding]:
    if isinstance(value, Unread):
        say = f"not known, {value.why}: docs/deploying.md#checking-a-stack has the permissions that this needs"
        yield fail(check, subject, say)
    else:
        yield from of(value)


def _each(
    check: str, read: Mapping[str, Value | Unread], of: Callable[[str, Value], Iterable[Finding]]
) -> Iterator[Finding]:
    for name, value in read.items():
        yield from _read(check, name, value, partial(of, name))


def _deployed(stack: Stack, resources: Mapping[str, Any]) -> Iterator[Finding]:
    name, status = stack.described["StackName"], stack.described["StackStatus"]
    if status in SETTLED:
        yield ok("stack", name, status)
    elif status.endswith("IN_PROGRESS"):
        yield warn("stack", name, f"{status}: ask again when it has ended")
    elif status == "UPDATE_ROLLBACK_COMPLETE":
        yield warn(
            "stack", name, "its last update failed and was undone: see its events in CloudFormation, deploy again"
        )
    else:
        yield fail("stack", name, f"{status}: see its events in CloudFormation, then deploy again")
    written = {name for name, each in resources.items() if not each["Type"].endswith("::LayerVersion")}
    if missing := sorted(name for name in written - stack.resources.keys() if "Condition" not in resources[name]):
        yield fail("stack", "resources", f"no {', '.join(missing)}: this checkout was not deployed; run `make deploy`")
    else:
        yield ok("stack", "resources", "everything that this checkout's template names is there")


def _function(name: str, read: Described, parameters: Mapping[str, str]) -> Iterator[Finding]:
    wanted = parameters.get("Architecture")
    if read.get("State", "Active") not in {"Active", "Inactive"} or read.get("LastUpdateStatus") == "Failed":
        yield fail("function", name, f"cannot run: {read.get('StateReason') or read.get('LastUpdateStatusReason')}")
    elif wanted and read["Architectures"] != [wanted]:
        say = f"runs on {', '.join(read['Architectures'])}, the parameter Architecture is {wanted}: run `make deploy`"
        yield fail("function", name, say)
    else:
        yield ok("function", name, f"active, on {', '.join(read['Architectures'])}")


def _weights(read: Weights, parameters: Mapping[str, str]) -> Iterator[Finding]:
    if parameters.get("FaceBackend") == "rekognition":
        yield ok("weights", "FaceLayer", "not used: Amazon Rekognition compares the faces")
        return
    yield from build.face_weights(
        "FaceLayer", read.found, read.sums, read.models, wanted=parameters.get("FaceModel", "")
    )


def _concurrency(read: Described, parameters: Mapping[str, str]) -> Iterator[Finding]:
    free, wanted = read["UnreservedConcurrentExecutions"], AT_ONCE * int(parameters.get("RequestsPerSecond", "1"))
    more = "ask for more under Service Quotas, Lambda, Concurrent executions"
    if free < AT_ONCE:
        yield fail("concurrency", "account", f"{free} executions at once are left, one POST takes {AT_ONCE}: {more}")
    elif free < wanted:
        say = f"{free} executions at once are left; RequestsPerSecond lets through as many POSTs as take {wanted}"
        yield warn("concurrency", "account", f"{say}, at a second each: {more}, or lower it")
    else:
        yield ok("concurrency", "account", f"{free} executions at once, for {wanted} that the live plan lets through")


def _pollers(read: list[Described]) -> Iterator[Finding]:
    for each in read:
        function, state = each["FunctionArn"].rpartition(":")[2], each.get("State", "")
        if state == "Enabled":
            yield ok("queues", function, "polls its queue")
        else:
            say = f"its event source mapping is {state or 'not there'}: enable it, or nothing of its queue is worked on"
            yield fail("queues", function, say)
    if not read:
        yield fail("queues", "pollers", "no function polls a queue: run `make deploy`")


def _queue(name: str, read: Described) -> Iterator[Finding]:
    waiting = int(read.get("ApproximateNumberOfMessages", 0))
    if "DeadLetter" in name:
        if waiting:
            yield warn("queues", name, f"{waiting} messages were laid aside: docs/operating.md#dead-letters")
        else:
            yield ok("queues", name, "empty")
        return
    receives = int(json.loads(read.get("RedrivePolicy", "{}")).get("maxReceiveCount", 0))
    if receives < MIN_RECEIVES:
        yield fail("queues", name, f"lays messages aside after {receives} attempts, not {MIN_RECEIVES}: `make deploy`")
    else:
        yield ok("queues", name, f"lays messages aside after {receives} attempts")


def _plan(name: str, read: UsagePlan, stack: Stack) -> Iterator[Finding]:
    again = "run `make deploy`"
    authorizer = stack.functions.get("AuthorizerFunction")
    variables = {} if authorizer is None or isinstance(authorizer, Unread) else authorizer["Environment"]["Variables"]
    named = {value for variable, value in variables.items() if variable.startswith("USAGE_KEY_")}
    stages = {(each["apiId"], each["stage"]) for each in read.plan.get("apiStages", [])}
    enabled = {key["value"] for key in read.keys if key["enabled"]}
    if (stack.resources.get("Api"), stack.parameters.get("Stage")) not in stages:
        yield fail("usage plan", name, f"does not hold for the API's stage, so it limits nobody: {again}")
    elif not enabled:
        yield fail("usage plan", name, f"has no key that is enabled, so every call is answered 403: {again}")
    elif not enabled & named:
        yield fail("usage plan", name, f"none of its keys is one that the authorizer names: {again}")
    else:
        throttle = read.plan.get("throttle", {})
        yield ok("usage plan", name, f"{throttle.get('rateLimit', 0):g} requests a second")


def _alarms(read: list[Described], stack: Stack, resources: Mapping[str, Any]) -> Iterator[Finding]:
    written = {stack.resources.get(name, name): name for name in _of(resources, "AWS::CloudWatch::Alarm")}
    there = {each["AlarmName"]: each for each in read}
    for physical, name in written.items():
        alarm = there.get(physical)
        if alarm is None:
            yield fail("alarms", name, "is not there: run `make deploy`")
        elif not alarm["ActionsEnabled"] or stack.resources.get("AlarmTopic") not in alarm["AlarmActions"]:
            yield fail("alarms", name, "tells nobody: its actions were switched off or changed; run `make deploy`")
        elif alarm["StateValue"] == "ALARM":
            yield warn("alarms", name, f"has gone off: {alarm.get('AlarmDescription', '')}")
        else:
            yield ok("alarms", name, "tells the topic")


def _subscribed(read: list[Described], *, is_dev: bool) -> Iterator[Finding]:
    confirmed = [each for each in read if each["SubscriptionArn"].startswith("arn:")]
    if confirmed:
        yield ok("alarms", "AlarmTopic", f"{len(confirmed)} confirmed subscriptions")
    elif read:
        yield fail("alarms", "AlarmTopic", "its subscriptions await confirmation: follow the link in AWS's mail")
    else:
        told = warn if is_dev else fail
        yield told("alarms", "AlarmTopic", "nobody is told of alarms: deploy with AlarmEmail")


def _table(
    name: str, read: Table, resources: Mapping[str, Any], parameters: Mapping[str, str], *, is_dev: bool
) -> Iterator[Finding]:
    written = resources.get(name)
    if written is None:
        return
    expected, again = written["Properties"], "run `make deploy`"
    faults = []
    if read.table["TableStatus"] != "ACTIVE":
        faults.append(fail("table", name, f"is {read.table['TableStatus']}"))
    attribute = expected.get("TimeToLiveSpecification", {}).get("AttributeName")
    expires = (read.expiry.get("TimeToLiveStatus"), read.expiry.get("AttributeName"))
    if attribute and expires != ("ENABLED", attribute):
        say = f"nothing in it expires by `{attribute}`, so it is kept for ever: switch TTL on for that attribute"
        faults.append(fail("table", name, say))
    if "PointInTimeRecoverySpecification" in expected:
        faults += _recovery(name, read, parameters, again)
    if "DeletionPolicy" in written and not read.table.get("DeletionProtectionEnabled"):
        told = warn if is_dev else fail
        faults.append(told("table", name, "may be deleted by mistake: deploy with DeletionProtection=true"))
    yield from faults or [ok("table", name, "active, and expires and is protected as it should be")]


def _recovery(name: str, read: Table, parameters: Mapping[str, str], again: str) -> Iterator[Finding]:
    recovery = read.backups.get("PointInTimeRecoveryDescription", {})
    days = int(parameters.get("RecoveryDays", 35))
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        yield fail("table", name, f"cannot be taken back: point-in-time recovery is off; {again}")
    elif recovery.get("RecoveryPeriodInDays", days) != days:
        kept = recovery["RecoveryPeriodInDays"]
        yield fail("table", name, f"can be taken back {kept} days, and receipts of deletion say {days}: {again}")


def _keys(read: list[Described]) -> Iterator[Finding]:
    if read:
        yield ok("keys", "ApiKeysTable", "a key is registered that opens the API")
    else:
        say = "no key opens the API: make one with `python -m functions.keys --table … create` (docs/deploying.md)"
        yield fail("keys", "ApiKeysTable", say)


def _bucket(read: Bucket, resources: Mapping[str, Any], stack: Stack) -> Iterator[Finding]:
    faults = []
    written = resources["Bucket"]["Properties"]
    if not all(read.public_access.get(name) for name in written["PublicAccessBlockConfiguration"]):
        faults.append(fail("bucket", "Bucket", "may be made public: switch all four public access blocks on"))
    rules = {each["ID"]: each for each in read.lifecycle.get("Rules", []) if each["Status"] == "Enabled"}
    days = int(stack.parameters.get("RetentionDays", 30))
    if missing := [each["Id"] for each in written["LifecycleConfiguration"]["Rules"] if each["Id"] not in rules]:
        faults.append(
            fail("bucket", "Bucket", f"pictures are not erased in time, no rule {', '.join(missing)}: deploy")
        )
    elif rules["erase"].get("Expiration", {}).get("Days") != days:
        kept = rules["erase"].get("Expiration", {}).get("Days")
        faults.append(fail("bucket", "Bucket", f"pictures are kept {kept} days, RetentionDays says {days}: deploy"))
    if not read.encryption:
        faults.append(fail("bucket", "Bucket", "is not encrypted by default: run `make deploy`"))
    if read.versioning.get("Status") == "Enabled":
        say = "keeps versions, so that a day longer is kept what was erased: suspend versioning"
        faults.append(warn("bucket", "Bucket", say))
    queue = stack.queues.get("BatchQueue")
    arn = "" if queue is None or isinstance(queue, Unread) else queue["QueueArn"]
    if arn not in {each["QueueArn"] for each in read.notifications.get("QueueConfigurations", [])}:
        faults.append(fail("bucket", "Bucket", "tells the batch queue of no job, so none is run: run `make deploy`"))
    yield from faults or [ok("bucket", "Bucket", f"private, encrypted, erases after {days} days, tells of jobs")]


def _signing_key(read: SigningKey, jwks: Answered | Unread) -> Iterator[Finding]:
    if read.key["KeyState"] != "Enabled":
        say = (
            f"is {read.key['KeyState']}, so evidence and deletions are answered 500: enable it, or cancel its deletion"
        )
        yield fail("signing", "SigningKey", say)
    elif (read.key["KeySpec"], read.key["KeyUsage"]) != ("ECC_NIST_P256", "SIGN_VERIFY"):
        yield fail("signing", "SigningKey", f"is {read.key['KeySpec']} for {read.key['KeyUsage']}: run `make deploy`")
    else:
        yield ok("signing", "SigningKey", "the one that the alias names is enabled")
        yield from _read("signing", "/.well-known/jwks.json", jwks, lambda answered: _published(read, answered))


def _published(read: SigningKey, jwks: Answered) -> Iterator[Finding]:
    own = ECKey.import_key(read.public_der).thumbprint()
    listed = [each.get("kid") for each in (jwks.body or {}).get("keys", [])] if jwks.status == OK else []
    if own in listed:
        yield ok("signing", "/.well-known/jwks.json", "has the key that signs")
    else:
        say = (
            f"answered {jwks.status} without the key that signs, so nobody can check evidence: deploy, then look again"
        )
        yield fail("signing", "/.well-known/jwks.json", say)


def _logs(read: Described, parameters: Mapping[str, str]) -> Iterator[Finding]:
    kept, days = read.get("retentionInDays"), int(parameters.get("LogRetentionDays", 30))
    if kept == days:
        yield ok("logs", "Logs", f"kept {days} days")
    else:
        yield fail("logs", "Logs", f"kept {kept or 'for ever'}, LogRetentionDays says {days}: run `make deploy`")


def _openapi(read: Answered) -> Iterator[Finding]:
    if read.status != OK or not isinstance(read.body, dict) or "openapi" not in read.body:
        yield fail("api", "/openapi.json", f"answered {read.status}: look at the stack's logs for the docs function")
    elif (found := read.body["info"]["version"]) != VERSION:
        yield warn("api", "/openapi.json", f"is of version {found}, this checkout of {VERSION}: run `make deploy`")
    else:
        yield ok("api", "/openapi.json", f"answers, version {found}")


def _without_key(read: Answered) -> Iterator[Finding]:
    if read.status == UNAUTHORIZED:
        yield ok("api", "/identity/verify", "asks for a key")
    else:
        say = f"answered {read.status} to a call without a key, and should 401: look at the API's authorizer at once"
        yield fail("api", "/identity/verify", say)


def _of(resources: Mapping[str, Any], kind: str) -> list[str]:
    return [name for name, each in resources.items() if each["Type"] == kind]
