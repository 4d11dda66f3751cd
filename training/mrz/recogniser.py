"""The recogniser's net: from a strip 32 pixels high to 38 classes for every four of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from .strip import BLANK, IGNORED

if TYPE_CHECKING:
    from torch import Tensor

CLASSES = 38  # nothing, and the 37 letters of an MRZ
CHANNELS = (20, 36, 48, 72, 128)
BLANK_WEIGHT = 0.6  # half of all columns are between letters


class LineNet(nn.Module):
    """Fully convolutional: B×1×32×W in, B×38×1×W/4 out."""

    def __init__(self) -> None:
        super().__init__()
        one, two, three, four, five = CHANNELS
        self.shapes = nn.Sequential(
            _convolution(1, one, 3, stride=2),
            _convolution(one, two, 3, stride=2),
            _convolution(two, three, 3, stride=(2, 1)),
            _convolution(three, three, 3),
            _convolution(three, four, 3, stride=(2, 1)),
            _convolution(four, four, 3),
            _convolution(four, five, (2, 3), padding=(0, 1)),
        )
        self.neighbours = nn.Sequential(
            _convolution(five, five, (1, 5), groups=4),
            _convolution(five, five, 1),
            _convolution(five, five, (1, 5), groups=4, apart=3),
            _convolution(five, five, 1),
            nn.Dropout(0.1),
            nn.Conv2d(five, CLASSES, 1),
        )

    def forward(self, strips: Tensor) -> Tensor:
        """Give the logits of every class for every column."""
        answer: Tensor = self.neighbours(self.shapes(strips))
        return answer


def loss_of(logits: Tensor, classes: Tensor) -> Tensor:
    """Hold every column to its class, but those on the edge of a letter."""
    weights = torch.ones(CLASSES)
    weights[BLANK] = BLANK_WEIGHT
    return nn.functional.cross_entropy(logits.squeeze(2), classes, weights, ignore_index=IGNORED)


def _convolution(
    inputs: int,
    outputs: int,
    size: int | tuple[int, int],
    *,
    stride: int | tuple[int, int] = 1,
    padding: tuple[int, int] | None = None,
    groups: int = 1,
    apart: int = 1,
) -> nn.Sequential:
    high, wide = (size, size) if isinstance(size, int) else size
    around = (high // 2, apart * (wide // 2)) if padding is None else padding
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, (high, wide), stride, around, (1, apart), groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )
