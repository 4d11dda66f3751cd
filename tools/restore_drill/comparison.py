"""What a table lacks that it had at an earlier moment, and what of that may come back. Pure.

Whatever somebody had erased since stays erased, and so does what expired, what had no end, and what belongs to either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from cari_core import ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Item = dict[str, dict[str, Any]]  # as DynamoDB sends it, each value with its type
Name = tuple[str, ...]  # the values of an item's key
Absence = Literal["lost", "erased", "expired", "unfinished", "orphan"]
ABSENCES: tuple[Absence, ...] = get_args(Absence)
UNDER_WAY = frozenset({"processing", "erasing", "erased", "abandoned"})  # statuses that no verification ends with


@dataclass(frozen=True)
class TableForm:
    """The attributes that make a table's key, and the one by which its items expire."""

    key: Sequence[str]
    expires_by: str

    def name_of(self, item: Item) -> Name:
        """Read an item's key."""
        return tuple(next(iter(item[attribute].values())) for attribute in self.key)


@dataclass
class Compared:
    """One table then and now. `absent` are the items that were there then and are not now, by why."""

    same: int = 0
    since: int = 0  # that came after the moment
    changed: list[Name] = field(default_factory=list)
    absent: dict[Absence, list[Item]] = field(default_factory=dict)

    @property
    def lost(self) -> list[Item]:
        """The items that should be there."""
        return self.absent.get("lost", [])


@dataclass(frozen=True)
class Known:
    """What a comparison goes by: verifications that were erased since, those that there are, and the time."""

    erased: frozenset[str]
    kept: frozenset[str] | None  # None where it is not known yet
    now: float


def compare(form: TableForm, live: Iterable[Item], restored: Iterable[Item], known: Known) -> Compared:
    """Compare a table as it is with what it was."""
    here = {form.name_of(item): item for item in live}
    compared = Compared()
    then = set()
    for item in restored:
        name = form.name_of(item)
        then.add(name)
        if name not in here:
            compared.absent.setdefault(_why_absent(form, item, known), []).append(item)
        elif here[name] == item:
            compared.same += 1
        else:
            compared.changed.append(name)
    compared.since = len(here.keys() - then)
    return compared


def being_erased(verifications: Iterable[Item]) -> frozenset[str]:
    """Name the verifications of the live table that are marked as being erased."""
    marked = {"erasing", "erased"}
    return frozenset(item["id"]["S"] for item in verifications if item.get("status", {}).get("S") in marked)


def kept(verifications: Iterable[Item], lost: Iterable[Item]) -> frozenset[str]:
    """Name the verifications that there will be: those that can be read, and those that come back."""
    readable = [item for item in verifications if "body" in item or "verification" in item]
    return frozenset(item["id"]["S"] for item in (*readable, *lost) if ids.is_id(item["id"]["S"]))


def belongs_to(item: Item) -> str | None:
    """Name the verification that an item is of, itself or a record or note beside it; None where it is of none."""
    text = item.get("id", {}).get("S", "")
    identifier = text.rpartition("#")[2]
    is_of_one = "key_hash" not in item and ids.is_id(identifier) and not text.startswith("policy")
    return identifier if is_of_one else None


def _why_absent(form: TableForm, item: Item, known: Known) -> Absence:
    verification = belongs_to(item)
    expires_at = item.get(form.expires_by, {}).get("N")
    if verification in known.erased:
        return "erased"
    if expires_at is not None and int(expires_at) <= known.now:
        return "expired"
    if item.get("status", {}).get("S") in UNDER_WAY:
        return "unfinished"
    if verification is not None and known.kept is not None and verification not in known.kept:
        return "orphan"
    return "lost"


def report(compared: Mapping[str, Compared]) -> str:
    """Write a line for each table, and the ids of what was lost and of what changed."""
    rows: list[tuple[str, ...]] = [("table", "same", "changed", "since", *ABSENCES)]
    for name, each in compared.items():
        absent = (str(len(each.absent.get(why, []))) for why in ABSENCES)
        rows.append((name, str(each.same), str(len(each.changed)), str(each.since), *absent))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    for name, each in compared.items():
        lines += [f"{name} lost {item.get('id', {}).get('S')}" for item in each.lost]
        lines += [f"{name} changed {key[-1]}" for key in each.changed]
    return "\n".join(lines)
