"""What the routes of verify take and give beside a verification."""

from __future__ import annotations

from datetime import datetime  # pydantic reads it at run time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cari_decision.evidence import DocumentType, Side  # pydantic reads them at run time
from cari_decision.options import Options
from cari_verification.uploads import MAX_UPLOAD_BYTES, ContentType


class FileToUpload(BaseModel):
    """A picture that the caller is about to upload, as exactly as it can be said beforehand."""

    model_config = ConfigDict(extra="forbid")

    side: Side
    content_type: ContentType
    size_bytes: Annotated[int, Field(ge=1, le=MAX_UPLOAD_BYTES)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$", description="Of the file's bytes, in hex")]


class UploadsRequest(BaseModel):
    """Which pictures are to come."""

    model_config = ConfigDict(extra="forbid")

    files: Annotated[list[FileToUpload], Field(min_length=1, max_length=3)]


class Upload(BaseModel):
    """Where one picture goes: a multipart POST of `fields`, then of the part `file`, to `url`."""

    name: Annotated[str, Field(description="What POST /identity/verify calls this picture")]
    side: Side
    url: str
    fields: dict[str, str]
    expires_at: Annotated[datetime, Field(description="Until when `url` takes the picture")]
    usable_until: Annotated[datetime, Field(description="Until when a verification may name it")]


class Uploads(BaseModel):
    """Where the pictures go, in the order they were asked for."""

    uploads: list[Upload]


class VerifyUploaded(Options):
    """A verification of pictures that were uploaded before: each side is an upload's name."""

    selfie: Annotated[str, Field(description="The upload of the person, now")]
    front: Annotated[str, Field(description="The upload of the document's side with the portrait")]
    back: Annotated[str | None, Field(description="The upload of the other side, where it has one")] = None
    type: Annotated[DocumentType, Field(description="What the document is")] = "card"
