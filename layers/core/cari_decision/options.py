"""What a caller may say about a verification besides its pictures: how to find it again, and how long to keep it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from cari_core.errors import ValidationFailed

if TYPE_CHECKING:
    from collections.abc import Mapping


def _whole(days: object) -> object:
    """Let no `false` be 0."""
    if isinstance(days, (bool, float)):
        raise ValueError(f"must be one of {', '.join(map(str, RETENTION_DAYS))}")  # noqa: TRY004  # what pydantic reports
    return days


# Days, each a lifecycle rule of the bucket (a test compares); of 0, pictures are erased before the answer is given.
_Days = Literal[0, 1, 3, 7, 14, 30, 60, 90, 180, 365]
RETENTION_DAYS: tuple[int, ...] = get_args(_Days)
Days = Annotated[_Days, BeforeValidator(_whole)]
DAYS_IN_A_FORM = re.compile("0|[1-9][0-9]{0,3}")  # in a form, which is text
RetentionDays = Annotated[
    Days, BeforeValidator(lambda days: int(days) if DAYS_IN_A_FORM.fullmatch(str(days)) else days)
]
MAX_METADATA = 20

NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"
NO_CONTROL = r"^[^\x00-\x1f\x7f]*$"
ReferenceText = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=NO_CONTROL)]
PolicyName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
MetadataKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,40}$")]
MetadataText = Annotated[str, StringConstraints(max_length=500)]
Metadata = Annotated[
    dict[MetadataKey, MetadataText], Field(max_length=MAX_METADATA, json_schema_extra={"additionalProperties": False})
]
_METADATA: TypeAdapter[dict[str, str]] = TypeAdapter(Metadata)


class Options(BaseModel):
    """What the caller asks for besides; None leaves it to the tenant's policy or to the deployment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reference: ReferenceText | None = None
    metadata: Metadata = {}
    retention_days: RetentionDays | None = None
    policy: PolicyName | None = None

    def as_parts(self) -> Mapping[str, str]:
        """Spell out what was asked for, as parts of a body."""
        asked = self.model_dump(exclude_defaults=True)
        return {name: json.dumps(value, sort_keys=True) for name, value in asked.items()}


NO_OPTIONS = Options()


def metadata_of(text: str | None) -> dict[str, str]:
    """Read a form's metadata: a JSON object of texts. Raises ValidationFailed."""
    if not text:
        return {}
    try:
        return _METADATA.validate_json(text)
    except ValidationError as error:
        raise ValidationFailed(
            f"'metadata' is a JSON object of at most {MAX_METADATA} texts: names of up to 40 letters, digits and "
            "'_.:-', values of up to 500 characters.",
            field="metadata",
        ) from error


def check_retention(days: int | None, *, at_most: int) -> None:
    """Raise ValidationFailed for more days than the deployment keeps anything."""
    if days is not None and days > at_most:
        raise ValidationFailed(
            f"This service keeps nothing for longer than {at_most} days; ask for fewer.", field="retention_days"
        )
