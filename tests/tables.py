"""Tables as the template makes them, in an account that is mocked."""

from typing import Any

import boto3

from local import template


def create_keys_table(name: str) -> Any:
    """Make the table of API keys with its index."""
    return create_table(name, "key_hash", index=("by-owner", "owner", "id"))


def create_verifications_table(name: str) -> Any:
    """Make the table of verifications with its indexes, which project what the template says."""
    told = template.read()["Resources"]["VerificationsTable"]["Properties"]
    alike = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    resource = boto3.resource("dynamodb", region_name="eu-west-1")
    return resource.create_table(TableName=name, **{each: told[each] for each in alike})


def create_table(name: str, *key: str, index: tuple[str, ...] = ()) -> Any:
    """Make a table with this key, and with an index: its name and its key."""
    return boto3.resource("dynamodb", region_name="eu-west-1").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema(*key),
        AttributeDefinitions=_strings(*dict.fromkeys((*key, *index[1:]))),
        **(_indexes(*index) if index else {}),
    )


def _indexes(name: str, *key: str) -> dict[str, Any]:
    return {
        "GlobalSecondaryIndexes": [
            {"IndexName": name, "KeySchema": _schema(*key), "Projection": {"ProjectionType": "ALL"}}
        ]
    }


def _strings(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]


def _schema(*key: str) -> list[dict[str, str]]:
    return [{"AttributeName": part, "KeyType": kind} for part, kind in zip(key, ("HASH", "RANGE"), strict=False)]
