"""What the sandbox says of its specimens."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cari_decision.evidence import DocumentType


class Expected(BaseModel):
    """What a verification of these pictures comes to, each time."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["approved", "declined", "review"]
    reasons: list[str] = Field(description="Codes, in the order of the answer")


class Specimen(BaseModel):
    """One request to try, and its outcome."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="The reason that it shows, or `approved`", examples=["face_mismatch"])
    says: str = Field(description="What is wrong, in a sentence")
    type: DocumentType
    files: dict[str, str] = Field(
        description="`selfie`, `front` and, where there is one, `back`: where each picture is"
    )
    form: dict[str, str] = Field(description="Further parts of the form")
    after: str | None = Field(description="The code of the specimen to send before, with this one's `form`")
    expected: Expected


class Specimens(BaseModel):
    """Every outcome that this deployment knows, to be tried."""

    specimens: list[Specimen]
