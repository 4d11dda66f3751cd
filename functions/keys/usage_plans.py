"""A tenant's place in a usage plan of API Gateway: a usage key of its own, so that no tenant uses up another's rate.

Usage keys name a plan and open nothing: the API takes them from its authorizer alone. An operator's credentials make
them; no function may.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

    from cari_api.auth.keys import Mode


def usage_key(client: APIGatewayClient, plan_id: str, tenant: str, mode: Mode) -> str:
    """Give the tenant's usage key, made and put into the plan where there is none yet."""
    name = f"{plan_id}-{tenant}-{mode}"
    known = client.get_api_keys(nameQuery=name, includeValues=True)["items"]
    key = known[0] if known else client.create_api_key(name=name, enabled=True)
    planned = client.get_usage_plan_keys(usagePlanId=plan_id, nameQuery=name)["items"]
    if not planned:
        client.create_usage_plan_key(usagePlanId=plan_id, keyId=key["id"], keyType="API_KEY")
    return key["value"]
