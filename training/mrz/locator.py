"""The locator's net: from a picture to the bands of MRZ lines, how they are read and how high their letters are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor

CHANNELS = 4  # band, cos, sin, log2 height
NARROW, MIDDLE, WIDE, OUT = 10, 20, 32, 16
APART = (1, 2, 4, 8, 2, 4)  # so that each cell sees about ten letters around it
ALWAYS_SURE = 1e-6


class LocatorNet(nn.Module):
    """Fully convolutional: B×1×H×W in (sides divisible by eight), B×4×H/4×W/4 out."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = nn.Sequential(_convolution(1, NARROW, stride=2), _convolution(NARROW, MIDDLE, stride=2))
        self.coarse = _convolution(MIDDLE, WIDE, stride=2)
        self.around = nn.ModuleList([_convolution(WIDE, WIDE, apart=apart) for apart in APART])
        self.up = nn.ConvTranspose2d(WIDE, OUT, 2, 2)
        self.across = nn.Conv2d(MIDDLE, OUT, 1)
        self.head = nn.Sequential(
            nn.ReLU(inplace=True), nn.Conv2d(OUT, OUT, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(OUT, CHANNELS, 1)
        )

    def forward(self, pictures: Tensor) -> Tensor:
        """Give the band's logit, the direction (any length) and log2 of the height, in units of eight pixels."""
        fine = self.fine(pictures)
        coarse = self.coarse(fine)
        for block in self.around:
            coarse = coarse + block(coarse)
        answer: Tensor = self.head(self.up(coarse) + self.across(fine))
        return answer


def loss_of(answers: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Mark bands by cross-entropy and overlap; learn direction and height inside them alone."""
    band = targets[:, 0]
    entropy = nn.functional.binary_cross_entropy_with_logits(answers[:, 0], band, reduction="none")
    share = torch.sigmoid(answers[:, 0]) * weights
    overlap = 1 - (2 * (share * band).sum() + 1) / (share.sum() + band.sum() + 1)
    inside = band / (band.sum() + 1)
    direction = answers[:, 1:3] / (answers[:, 1:3].norm(dim=1, keepdim=True) + ALWAYS_SURE)
    turn = (1 - (direction * targets[:, 1:3]).sum(dim=1)) * inside
    height = (answers[:, 3] - targets[:, 3]).abs() * inside
    return (entropy * weights).mean() * 4 + overlap + turn.sum() + height.sum()


def _convolution(inputs: int, outputs: int, *, stride: int = 1, apart: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, apart, apart, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )
