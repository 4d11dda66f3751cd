"""Rewrite dlib's face recognition network (anet_type in its dnn_face_recognition_ex.cpp) as ONNX.

Each affine layer, which is what batch normalisation became after training, is folded into the convolution
before it. Weights are stored as float16 and widened when the model loads: half the size, and the embedding
moves by less than 1e-3 of its length.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dlib_dat import Layer
    from numpy.typing import NDArray

CHIP_SIZE = 150
EMBEDDING_SIZE = 128
MEAN_RGB = (122.782, 117.001, 104.298)  # input_rgb_image_sized's own
SCALE = 1 / 256

STEM_CHANNELS = 32
# From input to output: channels, whether the stage starts by halving the picture, and how many plain blocks follow.
STAGES = ((32, False, 3), (64, True, 3), (128, True, 2), (256, True, 2), (256, True, 0))

MAX_UNHALVED_ELEMENTS = 256  # elements; biases and constants below it are not worth a Cast
OPSET = 13
IR_VERSION = 8


def to_onnx(layers: Sequence[Layer], *, is_halved: bool = True) -> bytes:
    """Serialise the network: RGB chips N×3×150×150, 0..255, in; embeddings N×128 out. Same layers, same bytes."""
    graph = _Graph(iter(layers), is_halved)
    x = graph.node("Sub", "rgb", graph.constant(np.array(MEAN_RGB, np.float32).reshape(1, 3, 1, 1)))
    x = graph.node("Mul", x, graph.constant(np.float32(SCALE)))
    x = _stem(graph, x)
    channels, size = STEM_CHANNELS, _halved(_halved(CHIP_SIZE, kernel=7), kernel=3)
    for stage_channels, halves, plain_blocks in STAGES:
        if halves:
            x, size = _halving_block(graph, x, channels, stage_channels, size)
            channels = stage_channels
        for _ in range(plain_blocks):
            x = _plain_block(graph, x, channels)
    return _serialise(graph, _head(graph, x, channels))


@dataclass
class _Graph:
    """An ONNX graph being written while dlib's layers are used up one by one, each of the kind expected."""

    layers: Iterator[Layer]
    is_halved: bool
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def take(self, kind: str, count: int = 0) -> NDArray[np.float32]:
        """Use up the next layer, which must be of this kind and hold `count` parameters."""
        layer = next(self.layers)
        if (layer.kind, layer.parameters.size) != (kind, count):
            raise ValueError(f"expected {kind} of {count}, found {layer.kind} of {layer.parameters.size}")
        parameters: NDArray[np.float32] = layer.parameters
        return parameters

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator; returns the name of its output."""
        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def constant(self, values: NDArray[Any] | np.generic) -> str:
        """Add a constant; large ones are kept as float16."""
        name = f"constant_{len(self.constants)}"
        halved = self.is_halved and values.dtype == np.float32 and values.size > MAX_UNHALVED_ELEMENTS
        stored = np.asarray(values, np.float16 if halved else None)
        self.constants.append(numpy_helper.from_array(stored, name))
        return self.node("Cast", name, to=TensorProto.FLOAT) if halved else name


def _stem(graph: _Graph, x: str) -> str:
    x = _relu(graph, _convolution(graph, x, 3, STEM_CHANNELS, kernel=7, stride=2))
    graph.take("max_pool_2")
    return graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])


def _plain_block(graph: _Graph, x: str, channels: int) -> str:
    y = _relu(graph, _convolution(graph, x, channels, channels, kernel=3, stride=1))
    y = _convolution(graph, y, channels, channels, kernel=3, stride=1)
    graph.take("add_prev_")
    return _relu(graph, graph.node("Add", y, x))


def _halving_block(graph: _Graph, x: str, channels: int, wider: int, size: int) -> tuple[str, int]:
    """Halve the picture; the shortcut is a plain average. dlib adds unequal shapes as if zeros filled them up."""
    y = _relu(graph, _convolution(graph, x, channels, wider, kernel=3, stride=2))
    y = _convolution(graph, y, wider, wider, kernel=3, stride=1)
    graph.take("avg_pool_2")
    shortcut = graph.node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    graph.take("add_prev_")
    convolved, averaged = _halved(size, kernel=3), _halved(size, kernel=2)
    larger = max(convolved, averaged)
    y = _fill_up(graph, y, channels=0, pixels=larger - convolved)
    shortcut = _fill_up(graph, shortcut, channels=wider - channels, pixels=larger - averaged)
    return _relu(graph, graph.node("Add", y, shortcut)), larger


def _head(graph: _Graph, x: str, channels: int) -> str:
    graph.take("avg_pool_2")
    x = graph.node("Flatten", graph.node("GlobalAveragePool", x))
    matrix = graph.take("fc_2", channels * EMBEDDING_SIZE).reshape(channels, EMBEDDING_SIZE)
    return graph.node("MatMul", x, graph.constant(matrix))


def _convolution(graph: _Graph, x: str, channels: int, filters: int, *, kernel: int, stride: int) -> str:
    """Add a convolution with its affine layer folded in; dlib pads those of stride 1 only."""
    shape = (filters, channels, kernel, kernel)
    weight_count = int(np.prod(shape))
    weights, bias = np.split(graph.take("con_4", weight_count + filters), [weight_count])
    gain, offset = np.split(graph.take("affine_", 2 * filters), 2)
    padding = kernel // 2 if stride == 1 else 0
    return graph.node(
        "Conv",
        x,
        graph.constant(weights.reshape(shape) * gain.reshape(-1, 1, 1, 1)),
        graph.constant(bias * gain + offset),
        kernel_shape=[kernel, kernel],
        strides=[stride, stride],
        pads=[padding] * 4,
    )


def _relu(graph: _Graph, x: str) -> str:
    graph.take("relu_")
    return graph.node("Relu", x)


def _fill_up(graph: _Graph, x: str, *, channels: int, pixels: int) -> str:
    if not channels and not pixels:
        return x
    pads = np.array([0, 0, 0, 0, 0, channels, pixels, pixels], np.int64)
    return graph.node("Pad", x, graph.constant(pads), mode="constant")


def _halved(size: int, *, kernel: int) -> int:
    """Side of what a kernel of stride 2 without padding leaves."""
    return (size - kernel) // 2 + 1


def _serialise(graph: _Graph, output: str) -> bytes:
    if next(graph.layers, None) is not None:
        raise ValueError("the network has more layers than the architecture")
    chips = helper.make_tensor_value_info("rgb", TensorProto.FLOAT, ["N", 3, CHIP_SIZE, CHIP_SIZE])
    embedding = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", EMBEDDING_SIZE])
    network = helper.make_graph(graph.nodes, "dlib_face_recognition_resnet_v1", [chips], [embedding], graph.constants)
    model = helper.make_model(
        network, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="cari"
    )
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
