"""Decide a verification again, offline, from its signed evidence: python -m tools.replay BUNDLE [PICTURE…].

BUNDLE is what GET /identity/verify/{id}/evidence answered, - for standard input. --jwks FILE is what the service shows
at /.well-known/jwks.json, as you got it when you had no doubt of it; without it the signature proves nothing, and that
is said. PICTUREs are those that were verified, as they were sent or as they were stored: their digests are held
against the bundle, and they are read again by the engines of this checkout (run it from the project's root).

--policy FILE decides by other rules instead of the bundle's, and says what would differ.

Prints `equal`, or what differs, a line each. Exits 0 where all is equal, 1 where something differs, and 2 where the
bundle is refused: altered, of another key, or unreadable.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from cari_core.errors import PolicyRejected
from cari_core.release import VERSION
from cari_decision import evidence_record
from cari_decision.policy import parse_policy
from cari_evidence import bundle, signing
from cari_evidence.differences import differences
from cari_verification.reports import CheckReport, ReasonReport
from tools import rereading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_decision.decision import Decision

EQUAL, DIFFERS, REFUSED = 0, 1, 2
MAX_BUNDLE_BYTES = 20_000_000


class Refused(Exception):
    """The bundle cannot be replayed; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay one bundle and answer the exit status."""
    options = argparse.ArgumentParser(
        prog="python -m tools.replay", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("bundle", metavar="BUNDLE", help="the file with the JWS, or -")
    options.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE", help="what was verified, in any order")
    options.add_argument(
        "--policy", type=Path, metavar="FILE", help="rules, as PUT /identity/policies/{name} takes them"
    )
    options.add_argument("--jwks", type=Path, metavar="FILE", help="the public keys that you trust")
    chosen = options.parse_intermixed_args(arguments)
    try:
        claims = _claims(_text(chosen.bundle), chosen.jwks)
        if chosen.jwks is None:
            _note("the signature was not checked against a known key: give --jwks FILE")
        lines = [
            *_decided_otherwise(claims, chosen.policy),
            *rereading.differences_of(claims, chosen.pictures, note=_note),
        ]
    except (Refused, signing.SignatureRefused, rereading.Unreadable) as refused:
        _say(f"refused: {refused}")
        return REFUSED
    for line in lines or ["equal"]:
        _say(line)
    return DIFFERS if lines else EQUAL


def _note(text: str) -> None:
    _say(f"note: {text}")


def _say(line: str) -> None:
    """Print a line, without what would steer a terminal: a bundle may be anyone's."""
    print("".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line))


def _text(name: str) -> str:
    try:
        read = sys.stdin.buffer.read(MAX_BUNDLE_BYTES) if name == "-" else Path(name).read_bytes()[:MAX_BUNDLE_BYTES]
        return read.decode("ascii").removesuffix("\n")  # an editor's, or the shell's
    except (OSError, ValueError) as error:
        raise Refused(f"{name} cannot be read as a bundle.") from error


def _claims(jws: str, key_file: Path | None) -> dict[str, Any]:
    if key_file is None:
        return signing.unverified(jws, type_=bundle.TYPE)
    try:
        jwks = json.loads(key_file.read_text())
    except (OSError, ValueError) as error:
        raise Refused(f"{key_file} cannot be read as a key set.") from error
    return signing.verify(jws, jwks, type_=bundle.TYPE)


def _decided_otherwise(claims: dict[str, Any], policy_file: Path | None) -> Iterator[str]:
    """Name what the same evidence leads to here and did not there."""
    try:
        bundle.Claims.model_validate(claims)
    except ValidationError as error:
        raise Refused("It is no bundle that this release can read.") from error
    try:
        decision = _decided(claims, policy_file)
    except ValueError as error:
        raise Refused(f"Its evidence cannot be decided: {_first_line(error)}.") from error
    if claims["package"]["version"] != VERSION:
        _note(f"it was decided by release {claims['package']['version']}; this is {VERSION}")
    answered = {**claims["verification"], "status": _first_status(claims["verification"])}
    for name, found in told(decision).items():
        yield from differences(name, answered.get(name), found)


def _decided(claims: dict[str, Any], policy_file: Path | None) -> Decision:
    if policy_file is None:
        return evidence_record.decide_again(claims)
    try:
        policy = parse_policy(json.loads(policy_file.read_text()))
    except (OSError, ValueError) as error:
        raise Refused(f"{policy_file} cannot be read as a policy.") from error
    except PolicyRejected as rejected:
        raise Refused(rejected.detail) from rejected
    return evidence_record.decide_under(policy, claims)


def told(decision: Decision) -> dict[str, Any]:
    """Tell a decision as an answer does: status, checks, their groups and reasons, JSON-ready."""
    return {
        "status": decision.status,
        "checks": [CheckReport.model_validate(vars(check)).model_dump(mode="json") for check in decision.checks],
        "breakdown": dict(decision.breakdown),
        "reasons": [ReasonReport.model_validate(vars(reason)).model_dump(mode="json") for reason in decision.reasons],
    }


def _first_status(verification: dict[str, Any]) -> Any:
    """Tell what was decided before any person reviewed it."""
    reviews = verification.get("reviews") or []
    return reviews[0]["was"] if reviews else verification.get("status")


def _first_line(error: ValueError) -> str:
    return str(error).partition("\n")[0].rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
