"""Which faces a tenant has seen, as templates that are turned by the tenant's secret: no other tenant's fit them.

Only where the policy asks is anything written, and it goes with the verification that it is of. Whoever has the table
and the secret has biometric data; see docs/adr/0015-duplicate-faces.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Key

from cari_common import store, tenants
from cari_common.duplicates import keyed_hash
from cari_common.evidence import FaceSearch
from cari_common.face_template import cosine, mirrored, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cari_common.face_template import FaceTemplate
    from cari_common.verification import Case

PREFIX = "face#"
MOST = 2_000  # earlier faces, the newest, that one is compared with: 12 ms, and one page of DynamoDB
NAMED = 20
WORTH_NAMING = 0.1  # how often a search finds a stranger by chance: the most that a policy may ask for


def search(case: Case, template: FaceTemplate) -> FaceSearch:
    """Compare a face with the newest of the tenant's and the mode's, and note it, unless nothing is to be kept.

    It is noted first, so that of two at once each sees the other. Another try under the same reference is no duplicate.
    """
    own = mirrored(template.vector, tenants.secret(case.tenant, case.mode))
    reference = keyed_hash(case, "reference", case.reference) if case.reference else ""
    if case.retention_days:
        tenants.table().put_item(
            Item={
                **_key(case.tenant, case.mode, case.id),
                "template": packed(own),
                "model": template.model,
                "reference": reference,
                "expires_at": store.expires_at(case),
            }
        )
    others = [
        note
        for note in _noted(case)
        if note["id"] != f"{PREFIX}{case.id}"
        and note["model"] == template.model
        and not (reference and note["reference"] == reference)
    ]
    rates = {str(note["id"]): template.fmr(cosine(own, unpacked(bytes(note["template"])))) for note in others}
    alike = sorted((rate, found) for found, rate in rates.items() if rate * len(others) <= WORTH_NAMING)
    return FaceSearch(len(others), tuple((found.removeprefix(PREFIX), rate) for rate, found in alike[:NAMED]))


def forget(tenant: str, mode: str, verification_id: str) -> None:
    """Erase a verification's face; nothing happens where none was noted."""
    tenants.table().delete_item(Key=_key(tenant, mode, verification_id))


def _noted(case: Case) -> Iterator[dict[str, Any]]:
    start: dict[str, Any] = {}
    left = MOST
    while left > 0:
        answer = tenants.table().query(
            KeyConditionExpression=Key("owner").eq(store.owner_of(case.tenant, case.mode))
            & Key("id").begins_with(PREFIX),
            ScanIndexForward=False,
            Limit=left,
            ConsistentRead=True,
            **start,
        )
        yield from answer["Items"]
        left -= len(answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _key(tenant: str, mode: str, verification_id: str) -> dict[str, str]:
    return {"owner": store.owner_of(tenant, mode), "id": f"{PREFIX}{verification_id}"}
