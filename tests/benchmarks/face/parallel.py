"""One thing done to many, on several cores."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import cv2

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


def for_each(items: Sequence[Item], work: Callable[[Item], Result], what: str, processes: int) -> list[Result]:
    """Give what `work` makes of every item, in order; OpenCV keeps to one thread in each process."""
    results = []
    with ProcessPoolExecutor(processes, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        for result in pool.map(work, items, chunksize=8):
            results.append(result)
            sys.stderr.write(f"\r{what}: {len(results)} of {len(items)} ")
    sys.stderr.write("\n")
    return results
