"""Which IAM actions, on which resources, a request to AWS needs: by AWS's Service Authorization Reference.

Only the services and operations that the functions use; any other is a Call whose action no policy names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACCOUNT = "123456789012"  # moto's own
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
EXPRESSIONS = ("UpdateExpression", "ConditionExpression", "ProjectionExpression", "FilterExpression")
WORDS = frozenset(  # of DynamoDB's expression language; whatever else stands in an expression is an attribute
    {
        *("SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"),
        *("attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"),
        *("if_not_exists", "list_append"),
    }
)
NAME = re.compile(r"(?<![:#\w])[A-Za-z_]\w*")


@dataclass(frozen=True)
class Call:
    """One action on one resource, an ARN, and the condition keys that hold then, each with its values."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request as it goes over the wire; header names in lower case; `body` is JSON where the service takes that."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def operation(self) -> str:
        """The last part of X-Amz-Target."""
        return self.headers.get("x-amz-target", "").rpartition(".")[2]


def calls(service: str, region: str, asked: Asked) -> list[Call]:
    """List what has to be allowed for a request, at least one call. `service` is that of the signature."""
    found = {
        "dynamodb": _dynamodb,
        "s3": _s3,
        "sqs": _sqs,
        "lambda": _lambda,
        "kms": _kms,
        "rekognition": _rekognition,
        "codedeploy": _codedeploy,
    }.get(service)
    listed = list(found(region, asked)) if found else []
    return listed or [Call(f"{service}:{asked.operation or asked.method}", "*")]


def _dynamodb(region: str, asked: Asked) -> Iterator[Call]:
    def arn(table: str) -> str:
        return table if table.startswith("arn:") else f"arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}"

    body = asked.body
    if asked.operation == "TransactWriteItems":
        for item in body["TransactItems"]:
            for kind, told in item.items():
                yield Call(f"dynamodb:{TRANSACTED[kind]}", arn(told["TableName"]), _attributes(told))
    elif asked.operation == "TransactGetItems":
        for item in body["TransactItems"]:
            yield Call("dynamodb:GetItem", arn(item["Get"]["TableName"]), _attributes(item["Get"]))
    elif asked.operation in {"BatchGetItem", "BatchWriteItem"}:
        for table in body["RequestItems"]:
            yield Call(f"dynamodb:{asked.operation}", arn(table))
    elif "TableName" in body:
        index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
        yield Call(f"dynamodb:{asked.operation}", arn(body["TableName"]) + index, _attributes(body))


def _attributes(told: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Name the attributes that an operation on items touches (`dynamodb:Attributes`)."""
    named = {
        *told.get("Key", ()),
        *told.get("Item", ()),
        *told.get("AttributesToGet", ()),
        *told.get("ExpressionAttributeNames", {}).values(),
    }
    for expression in EXPRESSIONS:
        named |= set(NAME.findall(told.get(expression, ""))) - WORDS
    return {"dynamodb:Attributes": tuple(sorted(named))}


def _s3(_region: str, asked: Asked) -> Iterator[Call]:
    parts = urlsplit(asked.url)
    query = parse_qs(parts.query, keep_blank_values=True)
    host, path = parts.hostname or "", unquote(parts.path).lstrip("/")
    bucket, _, key = path.partition("/")
    for suffix in (".localhost", ".s3.", ".127.0.0.1"):
        if suffix in host:
            bucket, key = host.partition(suffix)[0], path
    holder = f"arn:aws:s3:::{bucket}"
    if asked.method == "POST" and "delete" in query:
        for each in asked.body.get("Objects", ()):
            yield Call(
                "s3:DeleteObjectVersion" if each.get("VersionId") else "s3:DeleteObject", f"{holder}/{each['Key']}"
            )
    elif asked.method == "POST" and "key" in asked.body:  # a form
        yield Call("s3:PutObject", f"{holder}/{asked.body['key']}")
    elif not key:
        action = "s3:ListBucketVersions" if "versions" in query else "s3:ListBucket"
        yield Call(action, holder, {"s3:prefix": tuple(query.get("prefix", [""]))})
    else:
        yield from _s3_object(asked, f"{holder}/{key}", query)


def _s3_object(asked: Asked, arn: str, query: Mapping[str, list[str]]) -> Iterator[Call]:
    version = "Version" if "versionId" in query else ""
    if "tagging" in query:
        yield Call(f"s3:{'Put' if asked.method == 'PUT' else 'Get'}Object{version}Tagging", arn)
    elif asked.method in {"GET", "HEAD"}:
        signed_in = "REST-HEADER" if "authorization" in asked.headers else "REST-QUERY-STRING"
        yield Call(f"s3:GetObject{version}", arn, {"s3:authType": (signed_in,)})
    elif asked.method == "DELETE":
        yield Call(f"s3:DeleteObject{version}", arn)
    elif asked.method == "PUT":
        yield Call("s3:PutObject", arn)
        if "x-amz-tagging" in asked.headers:
            yield Call("s3:PutObjectTagging", arn)
        if source := asked.headers.get("x-amz-copy-source"):
            yield Call("s3:GetObject", f"arn:aws:s3:::{unquote(source).lstrip('/')}")


def _sqs(region: str, asked: Asked) -> Iterator[Call]:
    name = str(asked.body.get("QueueUrl", "")).rpartition("/")[2]
    yield Call(f"sqs:{asked.operation}", f"arn:aws:sqs:{region}:{ACCOUNT}:{name}")


def _lambda(region: str, asked: Asked) -> Iterator[Call]:
    if found := re.search(r"/functions/([^/]+)/invocations$", unquote(urlsplit(asked.url).path)):
        name = found[1]
        yield Call(
            "lambda:InvokeFunction",
            name if name.startswith("arn:") else f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}",
        )


def _kms(region: str, asked: Asked) -> Iterator[Call]:
    """Name the key. AWS looks up which one an alias names; here only a statement on every key allows one by alias."""
    key = str(asked.body.get("KeyId", ""))
    told = asked.body.get("EncryptionContext") or {}
    context = {f"kms:EncryptionContext:{name}": (str(value),) for name, value in told.items()}
    if told:
        context["kms:EncryptionContextKeys"] = tuple(told)
    alias = key.rpartition(":")[2]
    if alias.startswith("alias/"):
        context["kms:RequestAlias"] = (alias,)
        key = alias
    yield Call(
        f"kms:{asked.operation}",
        key if key.startswith("arn:") else f"arn:aws:kms:{region}:{ACCOUNT}:key/{key}",
        context,
    )


def _rekognition(_region: str, asked: Asked) -> Iterator[Call]:
    yield Call(f"rekognition:{asked.operation}", "*")


def _codedeploy(region: str, asked: Asked) -> Iterator[Call]:
    """Name a group of the template's application: which one a deployment is of, CodeDeploy alone knows."""
    group = "ServerlessDeploymentApplication/local"
    yield Call(f"codedeploy:{asked.operation}", f"arn:aws:codedeploy:{region}:{ACCOUNT}:deploymentgroup:{group}")
