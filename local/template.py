"""template.yaml, as written and as CloudFormation gets it. `python -m local.template` prints the latter as JSON."""

from __future__ import annotations

import copy
import json
import logging
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

os.environ.setdefault("SAM_CLI_TELEMETRY", "0")

from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
CODE_BUCKET = "cari-local-code"
CODE_KEY = "nothing.zip"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cari:local"

NOTHING = object()  # AWS::NoValue
PUBLISHED = frozenset({"AWS::Lambda::Version", "AWS::Lambda::Alias"})

Template = dict[str, Any]


class TemplateRejected(Exception):
    """The template cannot be translated or deployed."""


logging.getLogger("samtranslator").setLevel(logging.CRITICAL)  # it warns of a feature toggle of AWS's own


@dataclass(frozen=True)
class Function:
    """How to run one function: what its code is and what it may import."""

    name: str  # logical id
    handler: str
    folder: Path  # functions/<name>
    packages: tuple[Path, ...]  # the folders its layers, or its image, put on the path
    timeout_s: float
    memory_mb: int
    environment: dict[str, str]  # what its image sets; the template's own variables come with the deployed function
    task: Path | None = None  # where it lies as its zip has it, read-only, if it was built; it is laid out otherwise
    runtime: Path | None = None  # what Lambda's runtime brings; None: all that is installed here


def read() -> Template:
    """Read the template as it is written; a copy, which the caller may change."""
    return copy.deepcopy(_parsed())


@cache
def _parsed() -> Template:
    template: Template = yaml_parse(TEMPLATE.read_text())
    return template


def transformed() -> Template:
    """Translate the template to plain CloudFormation, its code replaced by names that need no upload.

    Raises TemplateRejected.
    """
    source = read()
    for resource in source["Resources"].values():
        properties = resource["Properties"]
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = f"s3://{CODE_BUCKET}/{CODE_KEY}"
        elif resource["Type"] == "AWS::Serverless::Function":
            if properties.get("PackageType") == "Image":
                properties["ImageUri"] = IMAGE
            else:
                properties["CodeUri"] = f"s3://{CODE_BUCKET}/{CODE_KEY}"
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # the translator asks boto3 for its partition
    try:
        result: Template = transform(source, {}, _ManagedPolicies())
    except InvalidDocumentException as error:
        causes = " ".join(cause.message for cause in error.causes)
        raise TemplateRejected(f"SAM does not translate the template: {causes}") from error
    return result


def deployed(**given: str) -> Template:
    """Give the template as the local stack has it: one version of each function, these parameters, else defaults.

    Raises TemplateRejected.
    """
    return of_one_version(with_parameters(transformed(), **given))


def of_one_version(source: Template) -> Template:
    """Put each function in the place of its versions and alias, and leave those out: here there is one of each."""
    aliases = {
        name: {"Fn::GetAtt": [resource["Properties"]["FunctionName"]["Ref"], "Arn"]}
        for name, resource in source["Resources"].items()
        if resource["Type"] in PUBLISHED
    }

    def replaced(value: Any) -> Any:
        if isinstance(value, list):
            return [replaced(each) for each in value]
        if not isinstance(value, dict):
            return value
        alias = aliases.get(str(value.get("Ref")))
        return alias or {name: replaced(each) for name, each in value.items()}

    kept = {name: each for name, each in source["Resources"].items() if name not in aliases}
    return {**source, "Resources": replaced(kept)}


def with_parameters(source: Template, **given: str) -> Template:
    """Put the parameters' values in, the defaults where none is given, and decide every condition by them.

    References to resources and what else only AWS knows stay as they are.
    """
    values = {name: given.get(name, str(each.get("Default", ""))) for name, each in source["Parameters"].items()}
    if unknown := given.keys() - values.keys():
        raise ValueError(f"the template has no parameter {', '.join(sorted(unknown))}")
    conditions = source.get("Conditions", {})
    holds = {name: _holds(each, conditions, values) for name, each in conditions.items()}
    numbers = {name for name, each in source["Parameters"].items() if each["Type"] == "Number"}
    told = {name: int(value) if name in numbers else value for name, value in values.items()}

    def decided(value: Any) -> Any:
        if isinstance(value, list):
            return [each for each in map(decided, value) if each is not NOTHING]
        if not isinstance(value, dict):
            return value
        if "Fn::If" in value:
            condition, then, otherwise = value["Fn::If"]
            return decided(then if holds[condition] else otherwise)
        if "Ref" in value:
            return NOTHING if value["Ref"] == "AWS::NoValue" else told.get(value["Ref"], value)
        return {name: each for name, of in value.items() if (each := decided(of)) is not NOTHING}

    made = {name: each for name, each in source["Resources"].items() if holds.get(each.get("Condition", ""), True)}
    return {**source, "Resources": decided(made)}


def _holds(condition: Any, conditions: Mapping[str, Any], values: Mapping[str, str]) -> bool:
    ((function, told),) = condition.items()
    if function == "Condition":
        return _holds(conditions[told], conditions, values)
    if function == "Fn::Not":
        return not _holds(told[0], conditions, values)
    if function == "Fn::And":
        return all(_holds(each, conditions, values) for each in told)
    if function != "Fn::Equals":
        raise ValueError(f"{function} is not decided here")
    one, other = (values[each["Ref"]] if isinstance(each, dict) else str(each) for each in told)
    return one == other


def functions() -> dict[str, Function]:
    """Describe every function of the template, by logical id."""
    template = read()
    defaults = template["Globals"]["Function"]
    return {
        name: _function(name, resource, {**defaults, **resource["Properties"]}, template["Resources"])
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


class _ManagedPolicies:
    """Stands in for a call to IAM that lists AWS's managed policies."""

    def load(self) -> dict[str, str]:
        """Name those that the translator adds."""
        return {
            "AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "AWSLambdaSQSQueueExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
            "AWSXrayWriteOnlyAccess": "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess",
        }


def _function(name: str, resource: Template, properties: Template, resources: Template) -> Function:
    if properties.get("PackageType") == "Image":
        dockerfile = ROOT / resource["Metadata"]["Dockerfile"]
        text = dockerfile.read_text()
        handler = _only(re.findall(r'^CMD \["([\w.]+)"\]', text, re.MULTILINE), "CMD", dockerfile)
        folder = dockerfile.parent
        packages = tuple(ROOT / layer for layer in re.findall(r"\b(layers/\w+)/cari_\w+", text))
        environment = dict(re.findall(r"^(?:ENV)? +(\w+)=(\S+?)(?: \\)?$", text, re.MULTILINE))
    else:
        handler = properties["Handler"]
        folder = ROOT / properties["CodeUri"]
        packages = tuple(
            ROOT / resources[layer["Ref"]]["Properties"]["ContentUri"] for layer in properties.get("Layers", [])
        )
        environment = {}
    return Function(
        name, handler, folder, packages, float(properties["Timeout"]), int(properties["MemorySize"]), environment
    )


def _only(found: list[str], what: str, where: Path) -> str:
    if len(found) != 1:
        raise ValueError(f"{where} has {len(found)} lines {what}, not one")
    return found[0]


if __name__ == "__main__":
    print(json.dumps(transformed(), indent=1))
