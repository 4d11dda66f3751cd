"""One thing done to many, on several cores."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

import cv2

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")


def for_each(items: Sequence[Item], work: Callable[[Item], Result], what: str, processes: int) -> list[Result]:
    """Give what `work` makes of every item, in order; OpenCV keeps to one thread in each process.

    The processes are started afresh: a fork of one whose OpenCV has threads would wait for them for ever.
    """
    results = []
    fresh = get_context("spawn")
    with ProcessPoolExecutor(processes, fresh, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        for result in pool.map(work, items, chunksize=8):
            results.append(result)
            sys.stderr.write(f"\r{what}: {len(results)} of {len(items)} ")
    sys.stderr.write("\n")
    return results
