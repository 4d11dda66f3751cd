"""Read the one graph of a TensorFlow Lite file: its operators in order, and the constants that they read.

A file is a FlatBuffer. What is read of it, by the numbers of TensorFlow's schema.fbs: Model (operator_codes 1,
subgraphs 2, buffers 4), SubGraph (tensors 0, inputs 1, outputs 2, operators 3), Tensor (shape 0, type 1, buffer 2),
Operator (opcode_index 0, inputs 1, outputs 2, builtin_options 4), Conv2DOptions and DepthwiseConv2DOptions (padding 0,
stride_w 1, stride_h 2), and where each kind of options has its fused_activation_function.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ADD, CONVOLUTION, DEPTHWISE, MULTIPLY, RELU, RESHAPE, SUBTRACT, ABSOLUTE = 0, 3, 4, 18, 19, 22, 41, 101
_SAME = 0  # of the enum Padding
_ACTIVATION_FIELD = {CONVOLUTION: 3, DEPTHWISE: 4, ADD: 0, MULTIPLY: 0, SUBTRACT: 0}
_TYPES = {0: "<f4", 1: "<f2", 2: "<i4", 3: "u1", 4: "<i8", 9: "i1"}  # TensorType → how numpy calls it


@dataclass(frozen=True)
class Table:
    """A table of a FlatBuffer: its fields by their number in the schema."""

    content: bytes
    start: int

    def number(self, field: int, kind: str) -> int:
        """Read a number, of a kind as `struct` names it; 0 where it is left out."""
        place = self._place(field)
        return int(struct.unpack_from(f"<{kind}", self.content, place)[0]) if place else 0

    def integers(self, field: int) -> list[int]:
        """Read a vector of 32-bit integers."""
        return list(struct.unpack(f"<{len(self.raw(field, 4)) // 4}i", self.raw(field, 4)))

    def raw(self, field: int, size: int = 1) -> bytes:
        """Read the bytes of a vector whose items have this size."""
        if not (place := self._place(field)):
            return b""
        vector = self._target(place)
        return self.content[vector + 4 : vector + 4 + size * self._unsigned(vector)]

    def table(self, field: int) -> Table | None:
        """Read a table that a field refers to."""
        place = self._place(field)
        return Table(self.content, self._target(place)) if place else None

    def tables(self, field: int) -> list[Table]:
        """Read a vector of tables."""
        vector = self._target(self._place(field))
        places = range(vector + 4, vector + 4 + 4 * self._unsigned(vector), 4)
        return [Table(self.content, self._target(place)) for place in places]

    def _place(self, field: int) -> int:
        """Find a field; 0 where it is left out."""
        layout = self.start - struct.unpack_from("<i", self.content, self.start)[0]
        entry = 4 + 2 * field
        if entry >= struct.unpack_from("<H", self.content, layout)[0]:
            return 0
        offset: int = struct.unpack_from("<H", self.content, layout + entry)[0]
        return self.start + offset if offset else 0

    def _target(self, place: int) -> int:
        return place + self._unsigned(place)

    def _unsigned(self, place: int) -> int:
        return int(struct.unpack_from("<I", self.content, place)[0])


@dataclass(frozen=True)
class Operator:
    """One operator: its number in BuiltinOperator, and tensors by number.

    A convolution has strides, down and across, and may be padded to the input's size over the stride; it and
    arithmetic may have an activation in them.
    """

    code: int
    inputs: list[int]
    output: int
    strides: tuple[int, int] = (1, 1)
    is_padded: bool = False
    has_activation: bool = False


@dataclass(frozen=True)
class Graph:
    """A graph; `shapes` are of all tensors, N×H×W×C, `constants` those that have values."""

    operators: list[Operator]
    shapes: list[list[int]]
    constants: dict[int, NDArray[Any]]
    inputs: list[int]
    outputs: list[int]


def read(content: bytes) -> Graph:
    """Read a file."""
    model = Table(content, struct.unpack_from("<I", content)[0])
    # operators up to 127 are written as a byte only (field 0), in files older than field 3 and newer ones alike
    codes = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
    buffers, (graph,) = model.tables(4), model.tables(2)
    shapes, constants = [], {}
    for number, tensor in enumerate(graph.tables(0)):
        shapes.append(tensor.integers(0))
        if values := buffers[tensor.number(2, "I")].raw(0):
            constants[number] = np.frombuffer(values, _TYPES[tensor.number(1, "b")]).reshape(shapes[-1])
    operators = [_operator(each, codes[each.number(0, "I")]) for each in graph.tables(3)]
    return Graph(operators, shapes, constants, graph.integers(1), graph.integers(2))


def _operator(operator: Table, code: int) -> Operator:
    inputs, output, options = operator.integers(1), operator.integers(2)[0], operator.table(4)
    if options is None or code not in _ACTIVATION_FIELD:
        return Operator(code, inputs, output)
    has_activation = bool(options.number(_ACTIVATION_FIELD[code], "b"))
    if code not in {CONVOLUTION, DEPTHWISE}:
        return Operator(code, inputs, output, has_activation=has_activation)
    strides = options.number(2, "i"), options.number(1, "i")
    return Operator(code, inputs, output, strides, options.number(0, "b") == _SAME, has_activation)
