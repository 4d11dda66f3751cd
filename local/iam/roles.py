"""What each function's role allows, read from the template as CloudFormation would deploy it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.iam.calls import ACCOUNT
from local.iam.policies import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.template import Template

NOT_ON_A_LAPTOP = frozenset({"AWS::CodeDeploy::Application"})  # they go by their logical ids
ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
}


@dataclass(frozen=True)
class Deployed:
    """A template, its parameters given, and what became of it: the names of its resources by logical id."""

    template: Template
    names: Mapping[str, str]
    region: str
    stack: str


def roles(deployed: Deployed) -> dict[str, list[Statement]]:
    """List the statements of each function's role, by the function's logical id. Raises PolicyNotUnderstood."""
    resources = deployed.template["Resources"]
    resolve = _Resolver(deployed).resolve
    found = {}
    for name, resource in resources.items():
        if resource["Type"] != "AWS::Lambda::Function":
            continue
        role = resources[resource["Properties"]["Role"]["Fn::GetAtt"][0]]
        written = [
            statement
            for policy in resolve(role["Properties"].get("Policies", []))
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        found[name] = [Statement.of(each) for each in written]
    return found


class _Resolver:
    """Resolves CloudFormation's functions, those that the template uses."""

    def __init__(self, deployed: Deployed) -> None:
        self._deployed = deployed
        self._resources = deployed.template["Resources"]

    def resolve(self, value: Any) -> Any:
        """Replace every function in a value by what it gives."""
        if isinstance(value, list):
            return [self.resolve(each) for each in value]
        if not isinstance(value, dict):
            return value
        name, told = next(iter(value.items()), ("", None))
        if name == "Ref" or name.startswith("Fn::"):
            return self._given_by(name, told)
        return {name: self.resolve(told) for name, told in value.items()}

    def _given_by(self, function: str, told: Any) -> Any:
        if function == "Ref":
            return self._ref(told)
        if function == "Fn::GetAtt":
            return self._attribute(*(told.split(".") if isinstance(told, str) else told))
        if function == "Fn::Sub":
            return re.sub(r"\$\{([\w:.]+)\}", lambda found: str(self._named(found[1])), told)
        raise ValueError(f"{function} is not resolved here")

    def _named(self, text: str) -> Any:
        logical_id, _, attribute = text.partition(".")
        return self._attribute(logical_id, attribute) if attribute else self._ref(text)

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": ACCOUNT,
            "AWS::StackName": self._deployed.stack,
            "AWS::Region": self._deployed.region,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if self._resources[name]["Type"] in NOT_ON_A_LAPTOP:
            return name
        return self._deployed.names[name]

    def _attribute(self, logical_id: str, attribute: str) -> str:
        if attribute != "Arn":
            raise ValueError(f"{logical_id}.{attribute} is not resolved here")
        form = ARNS[self._resources[logical_id]["Type"]]
        name = self._deployed.names[logical_id].rpartition("/")[2]  # a queue is named by its URL
        return form.format(region=self._deployed.region, account=ACCOUNT, name=name)
