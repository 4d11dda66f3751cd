"""A neural network of OpenCV's that any number of threads may ask."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import cv2
    import numpy as np
    from numpy.typing import NDArray


class Network:
    """A `cv2.dnn.Net`, which keeps input and answers in itself: one thread at a time, and each takes copies away."""

    def __init__(self, net: cv2.dnn.Net) -> None:
        self._net = net
        self._turn = Lock()

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the answer to N×C×H×W."""
        with self._turn:
            self._net.setInput(blob)
            answer: NDArray[Any] = self._net.forward().copy()
        return answer

    def run_for(self, blob: NDArray[np.float32], outputs: Sequence[str]) -> list[NDArray[np.float32]]:
        """Give the answers of the layers named, in that order."""
        with self._turn:
            self._net.setInput(blob)
            answers: list[NDArray[Any]] = [each.copy() for each in self._net.forward(outputs)]
        return answers
