"""Weights to ONNX, for `cv2.dnn`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from pathlib import Path

    from .train import Task

OPSET = 17


def export(task: Task, weights: Path, out: Path) -> None:
    """Write a net as ONNX; `cv2.dnn` takes any batch and size for the one given here."""
    net = task.net()
    net.load_state_dict(torch.load(weights, weights_only=True))
    torch.onnx.export(
        net.eval(),
        (torch.zeros(1, 1, *task.input_shape),),
        str(out),
        input_names=["pictures"],
        output_names=["answers"],
        opset_version=OPSET,
        dynamo=False,
    )
