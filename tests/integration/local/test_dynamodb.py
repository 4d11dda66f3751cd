from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local.aws.dynamodb import serving_as_dynamodb
from tests.tables import create_table


@pytest.fixture
def table(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws(), serving_as_dynamodb():
        yield create_table("table", "owner", "id")


def raised(table, count):
    try:
        table.update_item(
            Key={"owner": "a", "id": "b"},
            UpdateExpression="SET written = :next",
            ConditionExpression="attribute_not_exists(written) OR written = :read",
            ExpressionAttributeValues={":read": count, ":next": count + 1},
        )
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "written"


def test_of_conditional_writes_at_once_one_passes(table):
    with ThreadPoolExecutor(16) as pool:
        outcomes = [list(pool.map(lambda _, n=count: raised(table, n), range(16))) for count in range(20)]

    assert {outcome.count("written") for outcome in outcomes} == {1}
    assert {code for outcome in outcomes for code in outcome} == {"written", "ConditionalCheckFailedException"}
