"""A policy: what a tenant accepts, as data. Checked when it is stored, so that deciding never meets a wrong one."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from cari_core import countries
from cari_core.errors import MAX_ERRORS, PolicyRejected
from cari_decision.evidence import DocumentType  # noqa: TC001  # pydantic reads it at run time
from cari_decision.options import Days, PolicyName  # noqa: TC001  # likewise
from cari_decision.reasons import REASONS, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = "default"
MAX_COUNTRIES = 600  # in one list; ISO 3166-1 has 249 countries, each with two codes
MAX_CHECKS = 50  # required; there are fewer
UNCHANGEABLE_REASONS = frozenset({"specimen_document"})  # what these lead to no policy changes

# 30.0 is an integer to JSON Schema; Python's JSON reads it as a float.
WHOLE = BeforeValidator(lambda n: int(n) if isinstance(n, float) and n.is_integer() else n)
Rate = Annotated[float, Field(gt=0, le=1)]
Ratio = Annotated[float, Field(ge=0, le=1)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
Verdict = Literal[Severity, "ignore"]
CheckName = Literal[
    "selfie_face",
    "face_match",
    "selfie_quality",
    "portrait_quality",
    "document_found",
    "mrz_found",
    "mrz_check_digits",
    "barcode_found",
    "document_type",
    "document_expiry",
    "dates_possible",
    "sides_agree",
    "barcode_agrees",
    "printed_text_agrees",
    "duplicate_face",
    "portrait_copied",
    "document_in_selfie",
    "print_around_portrait",
]


class _Rules(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Uncalibrated(_Rules):
    """Similarities (0..1) for an engine that states no false match rates, such as Amazon Rekognition."""

    approve_similarity: Ratio = 0.99  # what AWS advises where it matters
    decline_similarity: Ratio = 0.30

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.decline_similarity >= self.approve_similarity:
            raise ValueError("decline_similarity must be below approve_similarity")
        return self


class FaceRules(_Rules):
    """How alike is alike enough, said as false match rates (FMR, ISO/IEC 19795-1): see docs/adr/0014."""

    approve_fmr: Rate = 0.0025
    decline_fmr: Rate = 0.5
    uncalibrated: Uncalibrated = Uncalibrated()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.decline_fmr <= self.approve_fmr:
            raise ValueError("decline_fmr must be above approve_fmr: it is the rate at which strangers look so alike")
        return self


class Duplicates(_Rules):
    """What to look for among the tenant's own: the same document, the same face. Off unless it is asked for.

    `face_error_rate` is how often somebody who was never seen may be taken for any of those compared (FPIR).
    """

    document: bool = False
    face: bool = False
    face_error_rate: Annotated[float, Field(ge=0.0001, le=0.5)] = 0.01


class Policy(_Rules):
    """What is approved, declined or left to a person."""

    description: Annotated[str, Field(max_length=500)] = ""
    face: FaceRules = FaceRules()
    minimum_age: Annotated[int, Field(ge=1, le=120), WHOLE] | None = None
    expires_soon_days: Annotated[int, Field(ge=0, le=40_000), WHOLE] = 30
    accepted_types: Annotated[list[DocumentType] | None, Field(min_length=1)] = None
    accepted_countries: Annotated[list[Country] | None, Field(min_length=1, max_length=MAX_COUNTRIES)] = None
    refused_countries: Annotated[list[Country], Field(max_length=MAX_COUNTRIES)] = []
    required_checks: Annotated[list[CheckName], Field(max_length=MAX_CHECKS)] = ["face_match", "document_found"]
    reasons: dict[str, Verdict] = {}  # what a reason leads to, where that is not what docs/reasons.md says
    retention_days: Days | None = None
    duplicates: Duplicates = Duplicates()
    printed_text: bool = False  # holds what is printed for people against the MRZ, which takes Tesseract's second
    shadow: PolicyName | None = None  # another policy, whose answer is recorded beside this one's

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        unknown = sorted(set(self.reasons) - set(REASONS))
        if unknown:
            raise ValueError(f"reasons.{unknown[0]} is no reason's code; docs/reasons.md lists them")
        both = sorted(set(self.accepted_countries or ()) & set(self.refused_countries))
        if both:
            raise ValueError(f"{both[0]} is among accepted_countries and among refused_countries")
        return self

    def verdict_on(self, code: str) -> Verdict:
        """Say what a reason leads to."""
        if code in UNCHANGEABLE_REASONS:
            return REASONS[code].severity
        return self.reasons.get(code, REASONS[code].severity)


@cache
def default_policy() -> Policy:
    """Read the policy of whoever has none: `default_policy.json`, explained in docs/policy.md."""
    text = files("cari_decision").joinpath("default_policy.json").read_text(encoding="utf-8")
    return Policy.model_validate_json(text)


@cache
def sandbox_policies() -> dict[str, Policy]:
    """Read the policies that let specimens reach what hangs on a policy."""
    text = files("cari_decision").joinpath("sandbox_policies.json").read_text(encoding="utf-8")
    return {name: parse_policy(rules) for name, rules in json.loads(text).items()}


def parse_policy(rules: object) -> Policy:
    """Check rules. Raises PolicyRejected, whose `field` is a JSON pointer (RFC 6901) to the first wrong rule.

    What is asked here alone is asked of new rules; those that were stored before still decide as they did.
    """
    try:
        policy = Policy.model_validate_json(json.dumps(rules))
    except ValidationError as error:
        raise _rejected(
            [(_pointer(one["loc"]), str(one["msg"]).removeprefix("Value error, ")) for one in error.errors()]
        ) from None
    if wrong := [*_wrong_countries(policy), *_fixed_reasons(policy)]:
        raise _rejected(wrong)
    return policy


def _rejected(found: list[tuple[str, str]]) -> PolicyRejected:
    pointer, message = found[0]
    return PolicyRejected(
        f"The rule at '{pointer or '/'}' cannot be kept: {message}.",
        field=pointer,
        errors=[{"field": place, "detail": said} for place, said in found[:MAX_ERRORS]],
    )


def _wrong_countries(policy: Policy) -> Iterator[tuple[str, str]]:
    """Name the codes that nobody has, and those that are accepted and refused in different letters."""
    accepted = {countries.canonical(code) for code in policy.accepted_countries or ()}
    for rule in ("accepted_countries", "refused_countries"):
        for index, code in enumerate(getattr(policy, rule) or ()):
            if not countries.is_known(code):
                yield f"/{rule}/{index}", f"{code} is no country's code, neither ISO 3166-1's nor ICAO 9303's"
            elif rule == "refused_countries" and countries.canonical(code) in accepted:
                yield f"/{rule}/{index}", f"{code} is among accepted_countries and among refused_countries"


def _fixed_reasons(policy: Policy) -> Iterator[tuple[str, str]]:
    for code in sorted(UNCHANGEABLE_REASONS & policy.reasons.keys()):
        yield f"/reasons/{code}", f"what {code} leads to is no policy's to say"


def _pointer(place: tuple[int | str, ...]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in place)
