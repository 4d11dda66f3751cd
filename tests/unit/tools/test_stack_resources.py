"""All of a stack's resources, however many there are."""

import json

import boto3
import pytest
from moto import mock_aws

from local import template
from tools import stack_resources

MANY = 230
TOPICS = {f"Topic{number}": {"Type": "AWS::SNS::Topic", "Properties": {}} for number in range(MANY)}


@pytest.fixture
def client(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        client = boto3.client("cloudformation")
        client.create_stack(StackName="stack", TemplateBody=json.dumps({"Resources": TOPICS}))
        yield client


def test_every_resource_is_named(client):
    assert stack_resources.names(client, "stack").keys() == TOPICS.keys()


def test_nothing_asks_for_the_first_hundred_of_them():
    asking = [
        str(file)
        for folder in ("tools", "functions", "layers")
        for file in (template.ROOT / folder).rglob("*.py")
        if "describe_stack_resources(" in file.read_text()
    ]

    assert asking == []
