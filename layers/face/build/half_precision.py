"""Weights in half precision: half the size, widened when the network loads; outputs move by less than 1e-3."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MAX_UNHALVED_ELEMENTS = 256  # elements; biases and constants below it are not worth a Cast
OPERATORS_WITH_WEIGHTS = frozenset({"Conv", "Gemm", "MatMul"})  # OpenCV wants other operators' constants as they are


def halved(network: bytes) -> bytes:
    """Rewrite an ONNX network so. The same network gives the same bytes."""
    model = onnx.load_from_string(network)
    graph = model.graph
    weights = {node.input[1] for node in graph.node if node.op_type in OPERATORS_WITH_WEIGHTS}
    casts = []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.name in weights and values.dtype == np.float32 and values.size > MAX_UNHALVED_ELEMENTS:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
            casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    inputs = [given for given in graph.input if given.name not in weights]  # old exporters list weights there too
    del graph.node[:], graph.input[:]
    graph.node.extend(nodes)
    graph.input.extend(inputs)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))
