"""A deployed stack as AWS describes it: everything that the checks look at, read and nothing written.

What may not be read is kept as `Unread`, so that one missing permission hides no other finding.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from botocore.exceptions import BotoCoreError, ClientError

from tools import stack_resources
from tools.doctor.build import models_of, sums_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tools.doctor.build import FaceModel

Described = dict[str, Any]
Answer = TypeVar("Answer")
TIMEOUT_S = 30  # a cold start
FACE_LAYER = "FaceLayer"
FACE_WEIGHTS = (".onnx", ".tflite")


class NoSuchStack(Exception):
    """The account has no stack of this name in this region, or does not let it be seen."""


@dataclass(frozen=True)
class Unread:
    """Something that could not be read, and why."""

    why: str


@dataclass(frozen=True)
class Answered:
    """What the deployed API answered: a status, and JSON where it was JSON."""

    status: int
    body: Any = None


@dataclass(frozen=True)
class Weights:
    """What a deployed face layer holds: SHA-256 by file, as it is and as it should be, and the registry."""

    found: Mapping[str, str]
    sums: Mapping[str, str]
    models: Mapping[str, FaceModel]


@dataclass(frozen=True)
class Table:
    """One table: what DescribeTable, DescribeContinuousBackups and DescribeTimeToLive say."""

    table: Described
    backups: Described
    expiry: Described


@dataclass(frozen=True)
class Bucket:
    """The bucket's settings; an empty one where it has none."""

    public_access: Described
    lifecycle: Described
    encryption: Described
    versioning: Described
    notifications: Described


@dataclass(frozen=True)
class SigningKey:
    """The key that the alias names, as KMS describes it, and its public half (DER)."""

    key: Described
    public_der: bytes


@dataclass(frozen=True)
class UsagePlan:
    """A usage plan and its keys, with their values."""

    plan: Described
    keys: list[Described]


@dataclass(frozen=True)
class Stack:
    """Everything that was read. What is there once for each resource is by its logical id."""

    described: Described
    resources: Mapping[str, str]  # physical names
    functions: Mapping[str, Described | Unread]
    pollers: list[Described] | Unread  # of the queues
    concurrency: Described | Unread
    weights: Weights | Unread
    plans: Mapping[str, UsagePlan | Unread]
    alarms: list[Described] | Unread
    subscriptions: list[Described] | Unread
    tables: Mapping[str, Table | Unread]
    keys: list[Described] | Unread  # the active ones, up to the first that can be used
    bucket: Bucket | Unread
    signing_key: SigningKey | Unread
    queues: Mapping[str, Described | Unread]
    logs: Described | Unread
    openapi: Answered | Unread
    jwks: Answered | Unread
    without_key: Answered | Unread

    @property
    def parameters(self) -> dict[str, str]:
        """Give the parameters that it was deployed with."""
        return {each["ParameterKey"]: each["ParameterValue"] for each in self.described.get("Parameters", [])}

    @property
    def outputs(self) -> dict[str, str]:
        """Give its outputs."""
        return {each["OutputKey"]: each["OutputValue"] for each in self.described.get("Outputs", [])}


def read(session: Any, name: str, ask: Callable[[str], Answered], fetch: Callable[[str], bytes]) -> Stack:
    """Read a stack. `ask` gets an address of the API, `fetch` the content of an address. Raises NoSuchStack."""
    formation = session.client("cloudformation")
    try:
        described = formation.describe_stacks(StackName=name)["Stacks"][0]
        listed = stack_resources.listed(formation, name)
    except (ClientError, BotoCoreError) as error:
        raise NoSuchStack(f"{name} is not to be seen in {session.region_name}: {error}") from error
    kinds: dict[str, dict[str, str]] = {}
    for each in listed:
        named = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "")}
        kinds.setdefault(each["ResourceType"], {}).update(named)
    resources = {logical_id: name for of_kind in kinds.values() for logical_id, name in of_kind.items()}
    reader = _Reader(session, resources, kinds)
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    url = outputs.get("ApiUrl", "")
    return Stack(
        described=described,
        resources=resources,
        functions=reader.each("AWS::Lambda::Function", reader.function),
        pollers=reader.one(reader.pollers),
        concurrency=reader.one(reader.concurrency),
        weights=reader.one(lambda: reader.weights(fetch)),
        plans=reader.each("AWS::ApiGateway::UsagePlan", reader.plan),
        alarms=reader.one(reader.alarms),
        subscriptions=reader.one(reader.subscriptions),
        tables=reader.each("AWS::DynamoDB::Table", reader.table),
        keys=reader.one(reader.usable_keys),
        bucket=reader.one(reader.bucket),
        signing_key=reader.one(reader.signing_key),
        queues=reader.each("AWS::SQS::Queue", reader.queue),
        logs=reader.one(reader.logs),
        openapi=reader.one(lambda: ask(f"{url}/openapi.json")),
        jwks=reader.one(lambda: ask(f"{url}/.well-known/jwks.json")),
        without_key=reader.one(lambda: ask(f"{url}/identity/verify")),
    )


def ask_over_http(url: str) -> Answered:
    """Get an address; the body where it is JSON."""
    answer = requests.get(url, timeout=TIMEOUT_S)
    try:
        return Answered(answer.status_code, answer.json())
    except requests.JSONDecodeError:
        return Answered(answer.status_code)


def fetch_over_http(url: str) -> bytes:
    """Get the content of an address that AWS signed."""
    answer = requests.get(url, timeout=TIMEOUT_S)
    answer.raise_for_status()
    return answer.content


class _Reader:
    def __init__(self, session: Any, resources: Mapping[str, str], kinds: Mapping[str, Mapping[str, str]]) -> None:
        self._session, self._resources, self._kinds = session, resources, kinds

    def one(self, read: Callable[[], Answer]) -> Answer | Unread:
        try:
            return read()
        except ClientError as error:
            return Unread(f"{error.operation_name}: {error.response['Error']['Code']}")
        except (BotoCoreError, requests.RequestException, KeyError, zipfile.BadZipFile) as error:
            return Unread(f"{type(error).__name__}: {error}")

    def each(self, kind: str, read: Callable[[str], Answer]) -> dict[str, Answer | Unread]:
        return {name: self.one(partial(read, named)) for name, named in self._kinds.get(kind, {}).items()}

    def function(self, name: str) -> Described:
        answer: Described = self._client("lambda").get_function_configuration(FunctionName=name)
        return answer

    def pollers(self) -> list[Described]:
        client = self._client("lambda")
        named = self._kinds.get("AWS::Lambda::EventSourceMapping", {}).values()
        return [client.get_event_source_mapping(UUID=uuid) for uuid in named]

    def concurrency(self) -> Described:
        limit: Described = self._client("lambda").get_account_settings()["AccountLimit"]
        return limit

    def weights(self, fetch: Callable[[str], bytes]) -> Weights:
        """Look into the face layer as it was uploaded. SAM adds a digest of the content to a layer's logical id."""
        layers = self._kinds.get("AWS::Lambda::LayerVersion", {})
        arn = {name[: len(FACE_LAYER)]: arn for name, arn in layers.items()}[FACE_LAYER]
        layer, _, version = arn.rpartition(":")
        content = self._client("lambda").get_layer_version(LayerName=layer, VersionNumber=int(version))["Content"]
        return weights_of(fetch(content["Location"]))

    def plan(self, identifier: str) -> UsagePlan:
        client = self._client("apigateway")
        keys = client.get_usage_plan_keys(usagePlanId=identifier, limit=500)["items"]
        described = [client.get_api_key(apiKey=key["id"], includeValue=True) for key in keys]
        return UsagePlan(client.get_usage_plan(usagePlanId=identifier), described)

    def alarms(self) -> list[Described]:
        named = list(self._kinds.get("AWS::CloudWatch::Alarm", {}).values())
        pages = self._client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNames=named)
        return [each for page in pages for each in page["MetricAlarms"]]

    def subscriptions(self) -> list[Described]:
        answer = self._client("sns").list_subscriptions_by_topic(TopicArn=self._resources["AlarmTopic"])
        found: list[Described] = answer["Subscriptions"]
        return found

    def table(self, name: str) -> Table:
        client = self._client("dynamodb")
        return Table(
            client.describe_table(TableName=name)["Table"],
            client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"],
            client.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
        )

    def usable_keys(self) -> list[Described]:
        """Find one key that opens the API; its hash is not asked for."""
        pages = (
            self._client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self._resources["ApiKeysTable"],
                FilterExpression="#state = :active AND (attribute_not_exists(expires_at) OR expires_at > :now)",
                ProjectionExpression="id, #mode",
                ExpressionAttributeNames={"#state": "state", "#mode": "mode"},
                ExpressionAttributeValues={
                    ":active": {"S": "active"},
                    ":now": {"N": str(int(datetime.now(UTC).timestamp()))},
                },
            )
        )
        return next((page["Items"] for page in pages if page["Items"]), [])

    def bucket(self) -> Bucket:
        client, name = self._client("s3"), self._resources["Bucket"]
        return Bucket(
            _set_or_empty(lambda: client.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]),
            _set_or_empty(lambda: client.get_bucket_lifecycle_configuration(Bucket=name)),
            _set_or_empty(lambda: client.get_bucket_encryption(Bucket=name)),
            client.get_bucket_versioning(Bucket=name),
            client.get_bucket_notification_configuration(Bucket=name),
        )

    def signing_key(self) -> SigningKey:
        client, alias = self._client("kms"), self._resources["SigningKeyAlias"]
        described = client.describe_key(KeyId=alias)["KeyMetadata"]
        return SigningKey(described, client.get_public_key(KeyId=alias)["PublicKey"])

    def queue(self, url: str) -> Described:
        answer = self._client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        attributes: Described = answer["Attributes"]
        return attributes

    def logs(self) -> Described:
        name = self._resources["Logs"]
        groups = self._client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        (group,) = [each for each in groups if each["logGroupName"] == name]
        found: Described = group
        return found

    def _client(self, service: str) -> Any:
        return self._session.client(service)


def weights_of(layer: bytes) -> Weights:
    """Read a face layer's zip. Raises KeyError where it is none."""
    with zipfile.ZipFile(io.BytesIO(layer)) as archive:
        package = "python/cari_face"
        found = {
            name.rpartition("/")[2]: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name.startswith(f"{package}/weights/") and name.endswith(FACE_WEIGHTS)
        }
        sums = sums_of(archive.read(f"{package}/weights/SHA256SUMS").decode())
        return Weights(found, sums, models_of(archive.read(f"{package}/models.toml").decode()))


def _set_or_empty(read: Callable[[], Described]) -> Described:
    """Read a bucket's setting; S3 calls one that was never made an error."""
    try:
        return read()
    except ClientError as error:
        if error.response["Error"]["Code"].startswith("NoSuch") or "NotFound" in error.response["Error"]["Code"]:
            return {}
        raise
