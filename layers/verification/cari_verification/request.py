"""What is to be verified, for whom: with its pictures at hand, and with them stored."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from cari_decision.options import NO_OPTIONS, Options
from cari_decision.policy_context import DEFAULT_CONTEXT, PolicyContext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cari_core.picture import Picture, StoredPicture
    from cari_decision.evidence import DocumentType, Side

Channel = Literal["http", "batch"]


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A verification that somebody asks for."""

    id: str
    tenant: str
    mode: str
    type: DocumentType
    channel: Channel = "http"
    options: Options = NO_OPTIONS
    policy_context: PolicyContext = DEFAULT_CONTEXT
    origins: tuple[str, ...] = ()  # keys of the files that it was made from, and of the one that tells its answer

    @property
    def reference(self) -> str | None:
        """The caller's own name for what this is about."""
        return self.options.reference

    @property
    def retention_days(self) -> int:
        """For how long it is kept; of 0, its pictures are erased once they are judged."""
        return self.policy_context.retention_days


@dataclass(frozen=True, kw_only=True)
class Request(Submission):
    """A submission and its pictures, checked already (see `cari_intake.intake`): selfie, front, perhaps back."""

    pictures: Mapping[Side, Picture]


@dataclass(frozen=True, kw_only=True)
class StoredRequest(Submission):
    """A submission whose pictures lie in the bucket: all that is needed to go on with it, here or elsewhere."""

    pictures: Mapping[Side, StoredPicture]

    @classmethod
    def of(cls, submission: Submission, pictures: Mapping[Side, StoredPicture]) -> StoredRequest:
        """Take the submission's own, and these pictures."""
        own = {field.name: getattr(submission, field.name) for field in fields(Submission)}
        return cls(**own, pictures=pictures)

    @property
    def selfie(self) -> StoredPicture:
        """The person, now."""
        return self.pictures["selfie"]

    @property
    def front(self) -> StoredPicture:
        """The document's side with the portrait."""
        return self.pictures["front"]

    @property
    def back(self) -> StoredPicture | None:
        """The document's other side, where it has one."""
        return self.pictures.get("back")
