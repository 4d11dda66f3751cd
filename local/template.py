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
from typing import Any

os.environ.setdefault("SAM_CLI_TELEMETRY", "0")

from samcli.yamlhelper import yaml_parse
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
CODE_BUCKET = "cari-local-code"
CODE_KEY = "nothing.zip"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/cari:local"

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
