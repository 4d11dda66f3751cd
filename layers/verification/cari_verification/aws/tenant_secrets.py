"""What is kept for a tenant as a whole, apart for each mode: the secret that seals what it is given."""

from __future__ import annotations

import hmac
import secrets
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import ClientError

from cari_aws.clients import PATIENCE
from cari_core.settings import tenant_settings
from cari_verification.aws import verifications

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

SECRET_BYTES = 32


@cache
def table() -> Table:
    """Share one handle of the tenants' table."""
    return boto3.resource("dynamodb", config=PATIENCE).Table(tenant_settings().tenants_table)


@cache
def secret(tenant: str, mode: str) -> bytes:
    """Read a tenant's secret, made the first time that anybody asks. It is never shown to anyone."""
    key = {"owner": verifications.owner_of(tenant, mode), "id": "secret"}
    item = table().get_item(Key=key, ConsistentRead=True).get("Item")
    if item is None:
        try:
            made = {**key, "secret": secrets.token_hex(SECRET_BYTES)}
            table().put_item(Item=made, ConditionExpression="attribute_not_exists(id)")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        item = table().get_item(Key=key, ConsistentRead=True)["Item"]  # of two that made one, the first stays
    return bytes.fromhex(str(item["secret"]))


def keyed_hash(tenant: str, mode: str, *parts: str) -> bytes:
    """Hash parts by the tenant's secret, 32 bytes, so that none can be mistaken for another's end."""
    return hmac.new(secret(tenant, mode), "\0".join(parts).encode(), sha256).digest()
