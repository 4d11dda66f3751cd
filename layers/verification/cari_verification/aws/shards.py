"""Over how many partition keys a tenant's verifications are spread, each of its modes apart.

DynamoDB takes 1,000 write units a second under one partition key, and does not part what grows at one end, as ids do.
`OwnerShards` says how many keys there are and from when on: `1,4@1796083200`. An id tells when it was made, so its key
follows from the id alone, and nothing has to be moved when a deployment changes it.
"""

from __future__ import annotations

from functools import cache

from cari_core import ids
from cari_core.settings import ShardSettings, settings

RANDOM_TAIL = 4  # hex digits of an id by which it falls to a shard; they are random


def owner_of(tenant: str, mode: str, identifier: str) -> str:
    """Name the partition key of a verification."""
    made_s = ids.created_at(identifier).timestamp()
    shards = next(count for count, since_s in reversed(_periods(_spelled())) if since_s <= made_s)
    return _owner(tenant, mode, int(identifier[-RANDOM_TAIL:], 16) % shards)


def owners(tenant: str, mode: str) -> list[str]:
    """Name every partition key that a tenant's verifications of a mode may have."""
    return [_owner(tenant, mode, shard) for shard in range(max(count for count, _ in _periods(_spelled())))]


def _owner(tenant: str, mode: str, shard: int) -> str:
    """Name a shard; the first is named as the other tables name whose something is."""
    owner = ids.owner_key(tenant, mode)
    return f"{owner}#{shard}" if shard else owner


def _spelled() -> str:
    return settings(ShardSettings).owner_shards


@cache
def _periods(spelled: str) -> list[tuple[int, int]]:
    """Read how many shards there are, and since when (seconds since 1970), the earliest first."""
    periods = [(int(count), int(since_s or 0)) for count, _, since_s in (p.partition("@") for p in spelled.split(","))]
    return sorted(periods, key=lambda period: period[1])
