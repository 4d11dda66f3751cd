"""The resources of a deployed stack. DescribeStackResources would stop at a hundred, and there are more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackResourceSummaryTypeDef


def listed(client: CloudFormationClient, stack: str) -> list[StackResourceSummaryTypeDef]:
    """List all of them. Raises ClientError where there is no such stack."""
    pages = client.get_paginator("list_stack_resources").paginate(StackName=stack)
    return [each for page in pages for each in page["StackResourceSummaries"]]


def names(client: CloudFormationClient, stack: str) -> dict[str, str]:
    """Give each one's physical name by its logical id; empty while it is being made. Raises as `listed` does."""
    return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in listed(client, stack)}
