"""The cosines of labelled pairs of embeddings, block by block: all pairs of 13,000 pictures would not fit in memory.

Each pair also has a weight with which any two people, and any one person, count the same however many pictures of
them there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_ROWS = 256

Embeddings: TypeAlias = NDArray[np.float32]  # N×128, unit vectors
Numbers: TypeAlias = NDArray[np.int64]  # N, one for each embedding, or N×2 pairs of indices


@dataclass(frozen=True)
class Scores:
    """Cosines of pairs, which of them show one person, and their weights; all of one length."""

    cosines: NDArray[np.float32]
    same: NDArray[np.bool_]
    weights: NDArray[np.float64]


def score_listed(embeddings: Embeddings, people: Numbers, pairs: Numbers, same: NDArray[np.bool_]) -> Iterator[Scores]:
    """Score chosen pairs, N×2 indices of embeddings."""
    cosines = np.einsum("ij,ij->i", embeddings[pairs[:, 0]], embeddings[pairs[:, 1]])
    of_people = np.sort(people[pairs], axis=1)
    _, which, counts = np.unique(of_people, axis=0, return_inverse=True, return_counts=True)
    yield Scores(cosines, same, 1 / counts[which.ravel()])


def score_all(embeddings: Embeddings, people: Numbers) -> Iterator[Scores]:
    """Score every two embeddings."""
    counts = np.bincount(people)[people].astype(float)
    every = np.arange(len(people))
    for rows in _blocks(len(people)):
        pairs = every[rows][:, np.newaxis] < every
        same = people[rows][:, np.newaxis] == people
        own = np.maximum(counts - 1, 1) / 2  # n pictures of a person are n (n - 1) / 2 pairs
        weights = 1 / (counts[rows][:, np.newaxis] * np.where(same, own, counts))
        yield Scores((embeddings[rows] @ embeddings.T)[pairs], same[pairs], weights[pairs])


def score_across(documents: Embeddings, bearers: Numbers, photos: Embeddings, people: Numbers) -> Iterator[Scores]:
    """Score every document's embedding with every photo's."""
    size = int(max(bearers.max(), people.max())) + 1
    of_document, of_photo = np.bincount(bearers, minlength=size)[bearers], np.bincount(people, minlength=size)[people]
    for rows in _blocks(len(bearers)):
        same = bearers[rows][:, np.newaxis] == people
        weights = 1 / (of_document[rows][:, np.newaxis] * of_photo.astype(float))
        yield Scores((documents[rows] @ photos.T).ravel(), same.ravel(), weights.ravel())


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK_ROWS) for start in range(0, count, BLOCK_ROWS))
