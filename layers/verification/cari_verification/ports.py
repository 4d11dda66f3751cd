"""The outside world of a verification, as callables, so that a test passes lambdas."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_decision.evidence import EngineFailure, Evidence, Faces, FaceSearch
from cari_verification.receipt import Deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cari_core.picture import Picture, StoredPicture
    from cari_decision.evidence import ExtraReading, Mrz, Side
    from cari_verification.contract import Verification
    from cari_verification.face_embedding import FaceEmbedding
    from cari_verification.request import Request, StoredRequest, Submission
    from cari_verification.stored import Outcome

    Compared = tuple[Faces | EngineFailure, FaceEmbedding | None]  # the latter goes no further than the search


def _nobody(_request: StoredRequest) -> None:
    """Let nobody else go on."""


def _untold(_submission: Submission) -> None:
    """Tell nobody."""


def _erase_nothing(_pictures: Mapping[Side, StoredPicture]) -> None:
    """Keep every picture."""


def _find_no_duplicates(_request: StoredRequest, _evidence: Evidence) -> None:
    """Look nowhere."""


def _search_no_face(
    _request: StoredRequest, _faces: Faces | EngineFailure, _embedding: FaceEmbedding | None
) -> FaceSearch:
    """Look for no face."""
    return FaceSearch(unavailable="not_looked_for")


@dataclass(frozen=True)
class Ports:
    """Where pictures go, who reads them, where the answer is kept, who goes on with what is slow."""

    store_picture: Callable[[Request, Side, Picture], StoredPicture]
    compare_faces: Callable[[StoredPicture, StoredPicture], Faces | EngineFailure]  # document, selfie
    # The side, in so many seconds, and what beside the MRZ.
    read_mrz: Callable[[StoredPicture, Side, float, frozenset[ExtraReading]], Mrz | EngineFailure]
    save: Callable[
        [StoredRequest, Outcome, bytes], Verification
    ]  # beside packed evidence; returns the one that is kept
    announce: Callable[[Submission], None] = _untold  # before any picture is stored
    abandon: Callable[[Submission], None] = _untold  # has erased what was stored of a request that failed
    enqueue: Callable[[StoredRequest], Verification | None] = _nobody  # returns it as processing; None: nobody goes on
    erase_pictures: Callable[[Mapping[Side, StoredPicture]], None] = _erase_nothing
    # The ids of earlier verifications of the document; asked where the policy wants it.
    find_duplicates: Callable[[StoredRequest, Evidence], tuple[str, ...] | None] = _find_no_duplicates
    compare_and_embed: Callable[[StoredPicture, StoredPicture], Compared] | None = None  # None: only compare_faces
    search_face: Callable[[StoredRequest, Faces | EngineFailure, FaceEmbedding | None], FaceSearch] = _search_no_face
    deployment: Deployment | None = field(
        default_factory=Deployment
    )  # None: another function began it, so that nobody knows its cost
