"""Rewrite a network in OpenVINO's intermediate representation (IR v10) as ONNX, as far as embedders need it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import onnx
from half_precision import halved
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

OPSET = 13
IR_VERSION = 8
_TYPES = {"f16": "<f2", "f32": "<f4", "i32": "<i4", "i64": "<i8"}


def converted(xml: bytes, weights: bytes) -> bytes:
    """Convert a network with one input and one output, which is flattened to N×D; weights are kept halved.

    Raises ValueError for an operation that no embedder here has.
    """
    graph = _Graph(weights)
    root = ET.fromstring(xml)  # noqa: S314  # pinned by its hash
    sources = {
        (edge.attrib["to-layer"], edge.attrib["to-port"]): edge.attrib["from-layer"]
        for edge in root.iterfind("edges/edge")
    }
    shape: list[int] = []
    for layer in _in_order(root, sources):
        if layer.attrib["type"] == "Parameter":
            shape = _integers(_data(layer)["shape"])
        graph.add(layer, _inputs(layer, sources))
    return halved(graph.serialised(shape))


@dataclass
class _Graph:
    """An ONNX graph being written; every value is named after the layer it comes from."""

    weights: bytes
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: dict[str, NDArray[Any]] = field(default_factory=dict)
    result: str = ""

    def add(self, layer: Element, inputs: list[str]) -> None:
        """Add one layer."""
        identifier, kind = layer.attrib["id"], layer.attrib["type"]
        if kind == "Const":
            self.constants[identifier] = self._constant(_data(layer))
        elif kind == "Convert":
            self.constants[identifier] = self.constants[inputs[0]].astype(np.float32)
        elif kind == "Result":
            self.result = inputs[0]
        elif kind in _OPERATORS:
            _OPERATORS[kind](self, layer, inputs)
        elif kind != "Parameter":
            raise ValueError(f"{kind} has no rule")

    def node(self, operator: str, layer: Element, inputs: list[str], **attributes: Any) -> None:
        """Add an operator."""
        self.nodes.append(helper.make_node(operator, inputs, [layer.attrib["id"]], **attributes))

    def reshaped(self, constant: str, shape: tuple[int, ...]) -> str:
        """Name a constant in another shape."""
        name = f"{constant}_as_{'x'.join(map(str, shape))}"
        self.constants[name] = np.broadcast_to(self.constants[constant].reshape(-1), math.prod(shape)).reshape(shape)
        return name

    def serialised(self, shape: list[int]) -> bytes:
        """Write the model; its input is called image."""
        self.nodes.append(helper.make_node("Flatten", [self.result], ["embedding"]))
        used = {name for node in self.nodes for name in node.input}
        tensors = [
            numpy_helper.from_array(np.ascontiguousarray(values, np.float32), name)
            for name, values in self.constants.items()
            if name in used
        ]
        given = next(name for node in self.nodes for name in node.input if self._is_given(name))
        image = helper.make_tensor_value_info(given, TensorProto.FLOAT, ["N", *shape[1:]])
        embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", None])
        network = helper.make_graph(self.nodes, "openvino", [image], [embedding], tensors)
        model = helper.make_model(
            network, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="cari"
        )
        return bytes(model.SerializeToString(deterministic=True))

    def _is_given(self, name: str) -> bool:
        return name not in self.constants and all(name not in node.output for node in self.nodes)

    def _constant(self, data: dict[str, str]) -> NDArray[Any]:
        kind = np.dtype(_TYPES[data["element_type"]])
        start, size = int(data["offset"]), int(data["size"])
        values = np.frombuffer(self.weights, kind, size // kind.itemsize, start)
        return values.reshape(_integers(data.get("shape", ""))).astype(kind.newbyteorder("="))


def _convolution(graph: _Graph, layer: Element, inputs: list[str]) -> None:
    data, weights = _data(layer), graph.constants[inputs[1]]
    groups = 1
    if layer.attrib["type"] == "GroupConvolution":  # its weights have a dimension for the groups
        groups = weights.shape[0]
        inputs = [inputs[0], graph.reshaped(inputs[1], (groups * weights.shape[1], *weights.shape[2:]))]
    graph.node(
        "Conv",
        layer,
        inputs,
        group=groups,
        kernel_shape=list(weights.shape[-2:]),
        strides=_integers(data["strides"]),
        dilations=_integers(data["dilations"]),
        pads=_integers(data["pads_begin"]) + _integers(data["pads_end"]),
    )


def _prelu(graph: _Graph, layer: Element, inputs: list[str]) -> None:
    channels = _output_shape(layer)[1]
    graph.node("PRelu", layer, [inputs[0], graph.reshaped(inputs[1], (channels, 1, 1))])


def _average_pool(graph: _Graph, layer: Element, inputs: list[str]) -> None:
    if _output_shape(layer)[2:] == [1, 1]:
        graph.node("GlobalAveragePool", layer, inputs)
        return
    data = _data(layer)
    graph.node(
        "AveragePool",
        layer,
        inputs,
        kernel_shape=_integers(data["kernel"]),
        strides=_integers(data["strides"]),
        pads=_integers(data["pads_begin"]) + _integers(data["pads_end"]),
    )


def _as(operator: str) -> Callable[[_Graph, Element, list[str]], None]:
    return lambda graph, layer, inputs: graph.node(operator, layer, inputs)


_OPERATORS: dict[str, Callable[[_Graph, Element, list[str]], None]] = {
    "Convolution": _convolution,
    "GroupConvolution": _convolution,
    "PReLU": _prelu,
    "AvgPool": _average_pool,
    "Add": _as("Add"),
    "Multiply": _as("Mul"),
    "Sigmoid": _as("Sigmoid"),
    "ReLU": _as("Relu"),
}


def _in_order(root: Element, sources: dict[tuple[str, str], str]) -> Iterator[Element]:
    """Give every layer after those that it reads."""
    left = list(root.iterfind("layers/layer"))
    done: set[str] = set()
    while left:
        ready = [layer for layer in left if done.issuperset(_inputs(layer, sources))]
        if not ready:
            raise ValueError("the layers are in a circle")
        yield from ready
        done |= {layer.attrib["id"] for layer in ready}
        left = [layer for layer in left if layer.attrib["id"] not in done]


def _inputs(layer: Element, sources: dict[tuple[str, str], str]) -> list[str]:
    return [sources[layer.attrib["id"], port.attrib["id"]] for port in layer.iterfind("input/port")]


def _data(layer: Element) -> dict[str, str]:
    data = layer.find("data")
    return {} if data is None else data.attrib


def _output_shape(layer: Element) -> list[int]:
    return [int(size.text or 0) for size in layer.iterfind("output/port/dim")]


def _integers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip()]
