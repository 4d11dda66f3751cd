"""Rewrite a network of TensorFlow Lite as ONNX, as far as embedders need it.

TensorFlow Lite lays pictures out as N×H×W×C, ONNX as N×C×H×W, so weights and constants change their order. PReLU,
which TensorFlow spelt relu(x) + a (x - |x|), becomes one operator again, of slope 2a.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from half_precision import halved
from onnx import TensorProto, helper, numpy_helper
from tflite_file import ABSOLUTE, ADD, CONVOLUTION, DEPTHWISE, MULTIPLY, RELU, RESHAPE, SUBTRACT, read

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tflite_file import Graph, Operator

OPSET = 13
IR_VERSION = 8


def converted(tflite: bytes) -> bytes:
    """Convert a file; weights are kept halved. Raises ValueError as `to_onnx` does."""
    return halved(to_onnx(read(tflite)))


def to_onnx(graph: Graph) -> bytes:
    """Rewrite a network with one input and one output, which is flattened to N×D.

    Raises ValueError for an operator, or a use of one, that no embedder here has.
    """
    (given,), (result,) = graph.inputs, graph.outputs
    writer = _Writer(graph, {operator.output: operator for operator in graph.operators}, {given: "image"})
    return writer.serialised(graph.shapes[given], writer.written(result))


@dataclass
class _Writer:
    """An ONNX graph being written from its output back to its input."""

    graph: Graph
    made_by: dict[int, Operator]  # by the tensor that it makes
    names: dict[int, str]  # of the tensors that were written
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def written(self, tensor: int) -> str:
        """Name a tensor, after everything that it is made of was written."""
        if tensor not in self.names:
            self.names[tensor] = self._made(self.made_by[tensor])
        return self.names[tensor]

    def serialised(self, shape: list[int], output: str) -> bytes:
        """Write the model; its input is called image and its output embedding."""
        self.nodes.append(helper.make_node("Flatten", [output], ["embedding"]))
        _, height, width, channels = shape
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", channels, height, width])
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", None])
        network = helper.make_graph(self.nodes, "tflite", [image], [embedding], self.constants)
        model = helper.make_model(
            network, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="cari"
        )
        return bytes(model.SerializeToString(deterministic=True))

    def _made(self, operator: Operator) -> str:
        if operator.has_activation:
            raise ValueError(f"operator {operator.code} with an activation in it has no rule")
        if operator.code in {CONVOLUTION, DEPTHWISE}:
            return self._convolution(operator)
        if operator.code == RESHAPE:  # only to N×D, which the end does anyway
            return self.written(operator.inputs[0])
        if operator.code == ADD:
            return self._prelu(operator) or self._node("Add", *map(self.written, operator.inputs))
        raise ValueError(f"operator {operator.code} has no rule")

    def _convolution(self, operator: Operator) -> str:
        source, weights, bias = operator.inputs
        is_depthwise = operator.code == DEPTHWISE
        kernel = self.graph.constants[weights]  # O×H×W×I, or depthwise 1×H×W×C
        kernel = kernel.transpose(3, 0, 1, 2) if is_depthwise else kernel.transpose(0, 3, 1, 2)
        return self._node(
            "Conv",
            self.written(source),
            self._constant(kernel),
            self._constant(self.graph.constants[bias]),
            kernel_shape=list(kernel.shape[2:]),
            strides=operator.strides,
            pads=self._padding(source, kernel.shape[2:], operator.strides) if operator.is_padded else [0, 0, 0, 0],
            group=kernel.shape[0] if is_depthwise else 1,
        )

    def _padding(self, source: int, kernel: tuple[int, ...], strides: tuple[int, int]) -> list[int]:
        """Pad so that the output has the input's size over the stride; what is odd goes below and to the right."""
        sizes = self.graph.shapes[source][1:3]
        missing = [
            max((-(-size // stride) - 1) * stride + side - size, 0)
            for size, side, stride in zip(sizes, kernel, strides, strict=True)
        ]
        before = [each // 2 for each in missing]
        return [*before, *(each - less for each, less in zip(missing, before, strict=True))]

    def _prelu(self, added: Operator) -> str | None:
        """Write relu(x) + a (x - |x|) as one operator; None where the sum is none."""
        relu, scaled = (self.made_by.get(each) for each in added.inputs)
        if relu is None or scaled is None or (relu.code, scaled.code) != (RELU, MULTIPLY):
            return None
        slope, difference = scaled.inputs
        x, magnitude = self.made_by[difference].inputs
        codes = self.made_by[difference].code, self.made_by[magnitude].code
        if codes != (SUBTRACT, ABSOLUTE) or [x] != relu.inputs or [x] != self.made_by[magnitude].inputs:
            raise ValueError("a product is added to a relu and both are no PReLU")
        return self._node("PRelu", self.written(x), self._constant(2 * self.graph.constants[slope].reshape(-1, 1, 1)))

    def _node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))
        return output

    def _constant(self, values: NDArray[Any]) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name))
        return name
