"""docs/architecture.md's table, from template.yaml: what each Lambda carries, what starts it, what it may call.

Only the text between the two markers is written here; the rest of the document is written by hand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local import template

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "template.yaml"
DOCUMENT = ROOT / "docs/architecture.md"
BEGIN = "<!-- from template.yaml by tools/architecture.py: begin -->"
END = "<!-- from template.yaml by tools/architecture.py: end -->"
HEADER = "| function | packages | started by | may call |\n|---|---|---|---|"
RELATIONS = {  # IAM's operators in words
    "StringEquals": "is",
    "StringLike": "is like",
    "ForAllValues:StringEquals": "names nothing but",
}
NO_KEY = "NONE"  # the authorizer of a route that asks for no key

Resource = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """What one statement of a policy allows."""

    actions: tuple[str, ...]  # as IAM names them: dynamodb:GetItem
    resources: tuple[str, ...]  # by their names in the template: VerificationsTable, Bucket/images/*
    restrictions: tuple[str, ...] = ()  # what IAM asks for besides
    condition: str | None = None  # the template's condition that must hold for it


@dataclass(frozen=True)
class Function:
    """One Lambda of the template. SAM lets each write its logs and traces, and read the queue that starts it."""

    name: str  # of its folder
    packages: tuple[str, ...]
    started_by: tuple[str, ...]
    grants: tuple[Grant, ...]

    @property
    def calls(self) -> set[tuple[str, str]]:
        """Every action and resource that it may use, whatever the conditions."""
        return {(action, resource) for grant in self.grants for action in grant.actions for resource in grant.resources}


def document() -> str:
    """Write docs/architecture.md: as it is, with the table anew."""
    before, rest = DOCUMENT.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def table() -> str:
    """Write the table: a row for each function, in the template's order."""
    return "\n".join([HEADER, *map(_row, functions().values())])


def functions() -> dict[str, Function]:
    """Describe every function of the template, by its folder's name."""
    resources: dict[str, Resource] = template.read()["Resources"]
    lambdas = {name: each for name, each in resources.items() if each["Type"] == "AWS::Serverless::Function"}
    folders = {name: _folder(each).name for name, each in lambdas.items()}
    grants = {name: tuple(_grants(each["Properties"])) for name, each in lambdas.items()}
    described = {
        folders[name]: Function(
            folders[name],
            _packages(each, resources),
            (
                *_events(each["Properties"]),
                *_authorizers(name, resources),
                *_releases([folders[other] for other, each in lambdas.items() if _hook_of(each) == name]),
                *_callers([folders[other] for other in lambdas if _may_invoke(grants[other], name)]),
            ),
            grants[name],
        )
        for name, each in lambdas.items()
    }
    if len(described) < len(lambdas):
        raise ValueError("two functions of the template share a folder's name")
    return described


def _row(function: Function) -> str:
    packages = " ".join(f"`{package}`" for package in function.packages)
    calls = "<br>".join(map(_written, function.grants)) or "nothing"
    return f"| `{function.name}` | {packages} | {'<br>'.join(function.started_by)} | {calls} |"


def _written(grant: Grant) -> str:
    service = grant.actions[0].partition(":")[0]
    actions = ", ".join(action.removeprefix(f"{service}:") for action in grant.actions)
    what = " ".join(f"`{resource}`" if resource != "*" else "anything" for resource in grant.resources)
    only = f", only where {' and '.join(grant.restrictions)}" if grant.restrictions else ""
    condition = f" (if `{grant.condition}`)" if grant.condition else ""
    return f"{service}: {actions} on {what}{only}{condition}"


def _folder(resource: Resource) -> Path:
    if resource["Properties"].get("PackageType") == "Image":
        return Path(resource["Metadata"]["Dockerfile"]).parent
    return Path(resource["Properties"]["CodeUri"])


def _packages(resource: Resource, resources: dict[str, Resource]) -> tuple[str, ...]:
    """Name the project's packages in its layers, or those that its image copies."""
    properties = resource["Properties"]
    if properties.get("PackageType") == "Image":
        dockerfile = (ROOT / resource["Metadata"]["Dockerfile"]).read_text(encoding="utf-8")
        return tuple(re.findall(r"^COPY layers/\w+/(cari_\w+)", dockerfile, re.MULTILINE))
    layers = [resources[layer["Ref"]]["Properties"]["ContentUri"] for layer in properties.get("Layers", [])]
    return tuple(folder.name for layer in layers for folder in sorted((ROOT / layer).glob("cari_*/")))


def _events(properties: Resource) -> Iterator[str]:
    """Name the routes, the methods of one path together, and the queues."""
    methods: dict[str, list[str]] = {}
    for event in properties.get("Events", {}).values():
        about = event["Properties"]
        if event["Type"] == "SQS":
            yield f"queue `{_named(about['Queue'])}`"
        elif event["Type"] == "Api":
            is_open = about.get("Auth", {}).get("Authorizer") == NO_KEY
            methods.setdefault(f"{about['Path']}`{' without a key' if is_open else ''}", []).append(about["Method"])
        else:
            raise ValueError(f"this cannot tell what an event of type {event['Type']} is")
    for path, of_path in methods.items():
        yield f"`{', '.join(of_path)} {path}"


def _authorizers(name: str, resources: dict[str, Resource]) -> Iterator[str]:
    for api, resource in resources.items():
        if resource["Type"] == "AWS::Serverless::Api":
            authorizers = resource["Properties"].get("Auth", {}).get("Authorizers", {}).values()
            if any(_named(each["FunctionArn"]) == name for each in authorizers):
                yield f"the authorizer of `{api}`"


def _hook_of(resource: Resource) -> str | None:
    hook = resource["Properties"].get("DeploymentPreference", {}).get("Hooks", {}).get("PreTraffic")
    return _named(hook) if hook else None


def _releases(names: list[str]) -> Iterator[str]:
    if names:
        yield f"CodeDeploy, before a release of {', '.join(f'`{name}`' for name in names)} gets traffic"


def _callers(names: list[str]) -> Iterator[str]:
    if names:
        yield f"called by {', '.join(f'`{name}`' for name in names)}"


def _may_invoke(grants: tuple[Grant, ...], name: str) -> bool:
    return any("lambda:InvokeFunction" in grant.actions and name in grant.resources for grant in grants)


def _grants(properties: Resource) -> Iterator[Grant]:
    """Read a function's policies. Raises ValueError for what this cannot read, so that nothing goes untold."""
    if "Role" in properties:
        raise ValueError("a function with a role of its own says nothing here of what it may call")
    for policy in properties.get("Policies", []):
        condition = None
        if "Fn::If" in policy:
            condition, policy, otherwise = policy["Fn::If"]  # noqa: PLW2901  # the policy is what the condition guards
            if otherwise != {"Ref": "AWS::NoValue"}:
                raise ValueError("this reads one policy of an Fn::If, not two")
        if "Statement" not in policy:
            raise ValueError(f"this reads statements, not {policy}")
        for statement in policy["Statement"]:
            yield _grant(statement, condition)


def _grant(statement: dict[str, Any], condition: str | None) -> Grant:
    if statement["Effect"] != "Allow" or {"NotAction", "NotResource"} & statement.keys():
        raise ValueError(f"this reads what is allowed, not {statement}")
    return Grant(
        tuple(_listed(statement["Action"])),
        tuple(_named(resource) for resource in _listed(statement["Resource"])),
        tuple(_restrictions(statement.get("Condition", {}))),
        condition,
    )


def _restrictions(conditions: dict[str, dict[str, Any]]) -> Iterator[str]:
    for operator, keys in conditions.items():
        for key, values in keys.items():
            yield f"`{key}` {RELATIONS[operator]} {', '.join(f'`{_named(value)}`' for value in _listed(values))}"


def _named(arn: Any) -> str:
    """Name a resource as the template does, with what follows its ARN: Bucket/images/*."""
    if isinstance(arn, str):
        return arn
    if "Fn::GetAtt" in arn:
        return str(arn["Fn::GetAtt"][0])
    if "Ref" in arn:
        return re.sub(r"\.(?:Alias|Version)$", "", arn["Ref"])  # of a function, by which it is invoked
    ours = r"arn:\$\{AWS::Partition\}:\w+:\$\{AWS::Region\}:\$\{AWS::AccountId\}:(?:deploymentgroup:)?"
    own = re.sub(ours, "", arn["Fn::Sub"])
    return re.sub(r"\$\{(?:AWS::)?(\w+)(?:\.Arn)?\}", r"\1", own)


def _listed(one_or_more: Any) -> list[Any]:
    return one_or_more if isinstance(one_or_more, list) else [one_or_more]
