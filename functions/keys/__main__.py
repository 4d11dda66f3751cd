"""Keys from the command line, for whoever operates the service: the first key of a tenant, and those with own limits.

`python -m functions.keys --stack NAME create --name NAME …` asks AWS with the environment's credentials. `create`
prints the key, and nothing else, on the standard output, and gives the tenant a place of its own in the usage plan.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING, cast, get_args

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cari_api.auth import keys, scopes
from functions.keys import usage_plans
from functions.keys.contract import MAX_DAYS, ApiKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb.service_resource import Table

    from cari_api.auth.scopes import Scope


def main(arguments: Sequence[str], table: Table | None = None) -> int:
    """Do what the arguments say, in `table` or in that of the stack they name; 1 where it could not be done."""
    asked = _parser(names_stack=table is None).parse_args(arguments)
    try:
        if table is None:
            outputs = _outputs(asked.stack)
            table = boto3.resource("dynamodb").Table(outputs["ApiKeysTable"])
            asked.usage_plan = outputs[f"{asked.mode.title()}UsagePlan"]
        return int({"create": _create, "list": _list, "revoke": _revoke}[asked.action](table, asked))
    except (BotoCoreError, ClientError) as error:
        print(f"AWS did not take it: {error}", file=sys.stderr)
        return 1


def _outputs(stack: str) -> Mapping[str, str]:
    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}


def _create(table: Table, asked: argparse.Namespace) -> int:
    lifetime_s = asked.expires_in_days and asked.expires_in_days * keys.DAY_S
    tenant, plan = asked.tenant or keys.new_tenant(), asked.usage_plan
    record = keys.KeyRecord(
        tenant=tenant,
        mode=asked.mode,
        state="active",
        expires_at=int(time.time()) + lifetime_s if lifetime_s else None,
        lifetime_s=lifetime_s,
        name=asked.name,
        scopes=asked.scopes,
        requests_per_minute=asked.requests_per_minute,
        verifications_per_month=asked.verifications_per_month,
        usage_key=plan and usage_plans.usage_key(boto3.client("apigateway"), plan, tenant, asked.mode),
    )
    key = keys.new_key(record.mode)
    keys.register(table, key, record)
    print(f"id {record.id}, tenant {record.tenant}, {scopes.written(record.scopes)}; not shown again:", file=sys.stderr)
    print(key)
    return 0


def _list(table: Table, asked: argparse.Namespace) -> int:
    for record in keys.listed(table, f"{asked.tenant}#{asked.mode}"):
        print(ApiKey.of(record, time.time()).model_dump_json())
    return 0


def _revoke(table: Table, asked: argparse.Namespace) -> int:
    record = keys.find_by_id(table, f"{asked.tenant}#{asked.mode}", asked.id)
    if record is None:
        print(f"Tenant {asked.tenant} has no {asked.mode} key '{asked.id}'.", file=sys.stderr)
        return 1
    print(ApiKey.of(keys.revoke(table, record, time.time()), time.time()).model_dump_json())
    return 0


def _parser(*, names_stack: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Make, list and revoke API keys.")
    parser.set_defaults(usage_plan=None)
    if names_stack:
        parser.add_argument("--stack", required=True, help="the name of the deployed stack, as cari-dev")
    actions = parser.add_subparsers(dest="action", required=True)

    create = actions.add_parser("create", help="make a key and print it, this once")
    create.add_argument("--name", required=True, help="what people call it")
    create.add_argument("--tenant", type=_tenant, help="whose it is: 24 hex digits; a new tenant's unless said")
    create.add_argument("--scopes", type=_scopes, default=scopes.USUAL, help="of " + ",".join(scopes.ALL))
    create.add_argument("--expires-in-days", type=_days, help="never unless said")
    create.add_argument("--requests-per-minute", type=_count, help="the deployment's unless said")
    create.add_argument("--verifications-per-month", type=_count, help="the deployment's unless said")
    listing = actions.add_parser("list", help="list a tenant's keys, a line of JSON each")
    listing.add_argument("--tenant", required=True, type=_tenant)
    revoke = actions.add_parser("revoke", help="revoke a key for good")
    revoke.add_argument("id")
    revoke.add_argument("--tenant", required=True, type=_tenant)
    for action in (create, listing, revoke):
        action.add_argument("--mode", choices=get_args(keys.Mode), default="dev")
    return parser


def _tenant(text: str) -> str:
    if not keys.TENANT.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not 24 hex digits in lower case")
    return text


def _scopes(text: str) -> tuple[Scope, ...]:
    named = text.replace(",", " ").split()
    if not named or set(named) - set(scopes.ALL):
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of {', '.join(scopes.ALL)}")
    return scopes.read(scopes.written(cast("list[Scope]", named)))


def _days(text: str) -> int:
    days = _count(text)
    if not 1 <= days <= MAX_DAYS:
        raise argparse.ArgumentTypeError(f"{text} is not from 1 to {MAX_DAYS}")
    return days


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
