"""Tables as the template makes them, in an account that is mocked."""

from typing import Any

import boto3


def create_keys_table(name: str) -> Any:
    """Make the table of API keys with its index."""
    return _create(
        name,
        ("key_hash",),
        AttributeDefinitions=_strings("key_hash", "owner", "id"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-owner",
                "KeySchema": _schema("owner", "id"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def create_table(name: str, *key: str) -> Any:
    """Make a table with this key."""
    return _create(name, key, AttributeDefinitions=_strings(*key))


def _create(name: str, key: tuple[str, ...], **more: Any) -> Any:
    return boto3.resource("dynamodb", region_name="eu-west-1").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=_schema(*key), **more
    )


def _strings(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def _schema(*key: str) -> list[dict[str, str]]:
    return [{"AttributeName": part, "KeyType": kind} for part, kind in zip(key, ("HASH", "RANGE"), strict=False)]
