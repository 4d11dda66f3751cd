"""`make doctor` on a build: what would not deploy, or not start, is named."""

import sys

import pytest

from local.built import Built
from tools import packaging
from tools.doctor import __main__ as doctor
from tools.doctor import build, finding

X86_64, AARCH64 = 62, 183
TEMPLATE = """\
Resources:
  CoreLayer:
    Type: AWS::Serverless::LayerVersion
    Metadata: {BuildArchitecture: x86_64}
  DocsFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: functions.docs.app.handler
      Layers: [{Ref: CoreLayer}, {Ref: FaceLayer}]
  MrzFallbackFunction:
    Type: AWS::Serverless::Function
    Properties: {PackageType: Image}
"""
WEIGHTS = {"mesh.tflite": "1", "one.onnx": "2"}
SUMS = {**WEIGHTS, "other.onnx": "3"}
MODELS = {
    "one": build.FaceModel(frozenset({"one.onnx"}), "One: CC0-1.0, trained on: nobody"),
    "other": build.FaceModel(frozenset({"other.onnx"}), "Other: CC0-1.0, trained on: nobody"),
    "both": build.FaceModel(frozenset({"one.onnx", "other.onnx"}), "One: CC0-1.0, trained on: nobody"),
}


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A build of one function, sound but for what a test changes; it runs wherever the tests do."""
    for name, text in {
        "template.yaml": TEMPLATE,
        "DocsFunction/functions/docs/app.py": "import cari_core\nimport boto3\n\n\ndef handler(event, context): ...\n",
        "CoreLayer/python/cari_core/__init__.py": "",
        "FaceLayer/python/cari_face/__init__.py": "",
        "FaceLayer/python/cari_face/models.toml": (
            '[one]\ntitle = "One"\nlicence = "CC0-1.0"\ntrained_on = "nobody"\nfile = "one.onnx"\n'
            '[other]\ntitle = "Other"\nlicence = "CC0-1.0"\nfile = "other.onnx"\n'
            "[both]\nparts = { one = 0.5, other = 0.5 }\n"
        ),
        "FaceLayer/python/cari_face/weights/one.onnx": "weights",
        "FaceLayer/python/cari_face/weights/SHA256SUMS": (
            "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c  one.onnx\n"
        ),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(Built, "runs_here", True)
    monkeypatch.setattr(packaging, "RUNTIME", sys.version_info[:2])
    packaging.compile_all(tmp_path)
    return tmp_path


def amiss(folder):
    return {(each.verdict, each.check, each.subject) for each in build.findings(folder) if each.verdict != "ok"}


def elf(machine):
    return b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little")


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


SPOILT = {
    "a function that is too large": (
        lambda folder: put(folder / "CoreLayer/python/large.bin", bytes(20_000)),
        ("fail", "size", "DocsFunction"),
    ),
    "a handler that is not there": (
        lambda folder: put(folder / "DocsFunction/functions/docs/app.py", b"") or packaging.compile_all(folder),
        ("fail", "starts", "DocsFunction"),
    ),
    "a package that no layer has": (
        lambda folder: (
            put(folder / "CoreLayer/python/cari_core/__init__.py", b"import cv2") or packaging.compile_all(folder)
        ),
        ("fail", "starts", "DocsFunction"),
    ),
    "a library for another processor": (
        lambda folder: put(folder / "CoreLayer/python/fast.so", elf(AARCH64)),
        ("fail", "processor", "CoreLayer"),
    ),
    "a module without bytecode": (
        lambda folder: put(folder / "CoreLayer/python/new.py", b""),
        ("fail", "bytecode", "CoreLayer"),
    ),
    "what no import needs": (
        lambda folder: put(folder / "CoreLayer/python/cari_core/types.pyi", b""),
        ("warn", "dead weight", "CoreLayer"),
    ),
    "altered weights": (
        lambda folder: put(folder / "FaceLayer/python/cari_face/weights/one.onnx", b"other"),
        ("fail", "weights", "FaceLayer"),
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_is_wrong_with_a_build_is_named(built, monkeypatch, spoilt):
    spoil, found = SPOILT[spoilt]
    monkeypatch.setattr(build, "MAX_BYTES", 20_000)

    before = amiss(built)
    spoil(built)

    assert found not in before
    assert found in amiss(built)


def test_a_sound_build_is_found_sound(built):
    put(built / "CoreLayer/python/fast.so", elf(X86_64))

    assert amiss(built) == set()


def test_bytecode_that_is_compared_with_its_source_is_none(built):
    bytecode = next((built / "CoreLayer/python/cari_core/__pycache__").iterdir())
    content = bytearray(bytecode.read_bytes())
    content[4:8] = bytes(4)
    bytecode.write_bytes(content)

    assert amiss(built) == {("fail", "bytecode", "CoreLayer")}


def test_a_function_for_another_processor_is_not_started(built, monkeypatch):
    monkeypatch.setattr(Built, "runs_here", False)

    assert amiss(built) == {("warn", "starts", "DocsFunction")}


def test_a_layer_that_was_not_built_is_named(built):
    (built / "CoreLayer").rename(built / "Elsewhere")

    assert ("fail", "layers", "DocsFunction") in amiss(built)


def weights_found(weights, wanted=""):
    (found,) = build.face_weights("FaceLayer", weights, SUMS, MODELS, wanted)
    return found.verdict, found.says


@pytest.mark.parametrize(
    ("weights", "wanted", "verdict", "words"),
    [
        (WEIGHTS, "", "ok", "one, 2 of 2 files"),
        (WEIGHTS, "one", "ok", "one, 2 of 2 files"),
        (WEIGHTS, "one", "ok", "One: CC0-1.0, trained on: nobody"),
        ({**WEIGHTS, "other.onnx": "3"}, "both", "ok", "both, 3 of 3 files"),
        ({**WEIGHTS, "other.onnx": "3"}, "one", "fail", "has both"),
        (WEIGHTS, "other", "fail", "make weights MODEL=other"),
        ({"one.onnx": "2"}, "", "fail", "mesh.tflite is missing"),
        ({"mesh.tflite": "1"}, "", "fail", "there is no whole model"),
        ({**WEIGHTS, "mesh.tflite": "9"}, "one", "fail", "mesh.tflite was altered"),
    ],
)
def test_face_weights_are_all_there_unaltered_and_the_ones_that_are_wanted(weights, wanted, verdict, words):
    found, says = weights_found(weights, wanted)

    assert (found, words in says) == (verdict, True)


def test_the_exit_status_says_whether_anything_fails(built, capsys):
    assert doctor.main([str(built)]) == 0
    put(built / "CoreLayer/python/fast.so", elf(AARCH64))

    assert doctor.main([str(built)]) == 1
    assert "fail  processor" in capsys.readouterr().out


def test_where_nothing_is_built_that_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(doctor, "ROOT", tmp_path)

    assert doctor.main([]) == 2
    assert "make build" in capsys.readouterr().err


def test_findings_alike_share_a_line_and_all_are_counted():
    alike = [finding.ok("size", name, "small") for name in ("A", "B", "C")]

    lines = finding.table([*alike, finding.fail("size", "D", "large")]).splitlines()

    assert lines == ["ok    size  A and 2 more  small", "fail  size  D             large", "3 ok, 0 warn, 1 fail"]
