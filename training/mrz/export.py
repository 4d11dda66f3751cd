"""Weights to ONNX, for `cv2.dnn`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .net import LineNet

if TYPE_CHECKING:
    from pathlib import Path


def export(weights: Path, out: Path) -> None:
    """Write the net as ONNX with the softmax left out, any number of strips of any width divisible by four."""
    net = LineNet()
    net.load_state_dict(torch.load(weights, weights_only=True))
    torch.onnx.export(
        net.eval(),
        (torch.zeros(1, 1, 32, 768),),
        str(out),
        input_names=["strips"],
        output_names=["logits"],
        dynamic_axes={"strips": {0: "n", 3: "w"}, "logits": {0: "n", 2: "t"}},
        opset_version=17,
        dynamo=False,
    )
