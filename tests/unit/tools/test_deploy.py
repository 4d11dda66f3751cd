"""What `make deploy` runs; that AWS takes it, no test can say."""

import shutil
import subprocess
import sys
import tomllib

import pytest

from local import template
from tools import deploy, packaging

CONFIG = tomllib.loads((deploy.ROOT / "samconfig.toml").read_text())


@pytest.mark.parametrize("stage", deploy.STAGES)
@pytest.mark.parametrize("arch", ["x86_64", "arm64"])
def test_the_processor_is_the_same_for_build_and_deploy(stage, arch):
    build = deploy.build_command(stage, arch, in_container=False)

    assert build[-1] == f"Architecture={arch}"
    assert f"Architecture={arch}" in deploy.deploy_command(stage, deploy.parameters(CONFIG, stage, arch))[-1].split()


@pytest.mark.parametrize("stage", deploy.STAGES)
def test_every_parameter_that_samconfig_gives_is_one_of_the_template(stage):
    given = deploy.parameters(CONFIG, stage, "x86_64")

    assert {"Stage", "RetentionDays"} < given.keys() <= template.read()["Parameters"].keys()
    assert given["Stage"] == stage


def test_the_face_model_that_a_stage_names_is_built_in():
    given = deploy.parameters(CONFIG, "prod", "x86_64")

    assert deploy.weights_command(given)[-1] == given["FaceModel"]
    assert deploy.weights_command({"FaceModel": "omz-0095"})[-1] == "omz-0095"
    assert deploy.weights_command({})[-1] == template.read()["Parameters"]["FaceModel"]["Default"]


def test_without_the_functions_python_sam_builds_in_its_container():
    here = deploy.build_command("dev", "x86_64", in_container=False)
    container = deploy.build_command("dev", "x86_64", in_container=True)

    assert container == [*here, "--use-container"]


def test_a_release_is_named_by_what_is_built_and_by_every_parameter(built):
    release = deploy.release([built], {"RetentionDays": "7"})
    same = deploy.release([built], {"RetentionDays": "7"})
    other_parameter = deploy.release([built], {"RetentionDays": "8"})
    (built / "CoreLayer/python/cari_core/ids.py").write_text("X = 2\n")

    assert release == same
    assert len({release, other_parameter, deploy.release([built], {"RetentionDays": "7"})}) == 3


@pytest.fixture
def built(tmp_path):
    """So much of a build as packing touches."""
    for name in (
        *("CoreLayer/python/cari_core/ids.py", "CoreLayer/python/requirements.txt", "CoreLayer/python/pyproject.toml"),
        *("ImagingLayer/python/cv2/data/face.xml", "ImagingLayer/python/cv2/__init__.py"),
        *("ImagingLayer/python/numpy/lib/tests/test_io.py", "ImagingLayer/python/numpy/lib/io.py"),
        *("ImagingLayer/python/numpy/version.pyi", "MrzLayer/python/cari_mrz/weights/mrz_locator.onnx"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("X = 1\n" if name.endswith(".py") else "")
    return tmp_path


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_packing_leaves_code_and_weights_and_drops_what_no_import_needs(built):
    packaging.drop_dead_weight(built)

    assert files(built) == {
        "CoreLayer/python/cari_core/ids.py",
        "ImagingLayer/python/cv2/__init__.py",
        "ImagingLayer/python/numpy/lib/io.py",
        "MrzLayer/python/cari_mrz/weights/mrz_locator.onnx",
    }


def test_bytecode_is_used_whatever_the_times_of_its_source_are(built):
    packaging.compile_all(built)
    source = built / "CoreLayer/python/cari_core/ids.py"
    (bytecode,) = (source.parent / "__pycache__").iterdir()

    flags = int.from_bytes(bytecode.read_bytes()[4:8], "little")

    assert flags == 0b01  # PEP 552: by hash, and never compared


def test_where_nothing_compiles_for_the_functions_python_packing_says_so(built, monkeypatch, capsys):
    monkeypatch.setattr(packaging, "RUNTIME", (3, 99))
    monkeypatch.setattr(shutil, "which", lambda _: None)

    assert packaging.main([str(built)]) == 1
    assert "Python 3.99" in capsys.readouterr().err


CHECK = deploy.ROOT / "layers/face/build/check_weights.py"


@pytest.fixture
def face_package(tmp_path):
    """The face package with weights that are what its SHA256SUMS says."""
    source = deploy.ROOT / "layers/face/cari_face"
    (tmp_path / "weights").mkdir()
    shutil.copy(source / "models.toml", tmp_path)
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # of nothing
    names = [line.split()[1] for line in (source / "weights/SHA256SUMS").read_text().splitlines()]
    for name in names:
        (tmp_path / "weights" / name).touch()
    (tmp_path / "weights/SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name in names))
    return tmp_path


def checked(package):
    return subprocess.run([sys.executable, CHECK, package], capture_output=True, text=True, check=False)


def test_a_face_layer_with_its_weights_is_built(face_package):
    assert checked(face_package).returncode == 0


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda weights: (weights / "face_landmark.tflite").unlink(), "face_landmark.tflite is missing"),
        (lambda weights: [each.unlink() for each in weights.glob("*.onnx")], "there is no embedder"),
        (
            lambda weights: (weights / "omz_face_reidentification_retail_0095.onnx").write_text(""),
            "there is no whole model",
        ),
        (
            lambda weights: (weights / "face_landmark.tflite").write_text("other"),
            "face_landmark.tflite is not the file",
        ),
    ],
)
def test_a_face_layer_without_them_is_not(face_package, spoil, says):
    spoil(face_package / "weights")

    ran = checked(face_package)

    assert (ran.returncode, says in ran.stderr, "make weights" in ran.stderr) == (1, True, True)


def printed(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["deploy", "--only-print", *arguments])
    assert deploy.main() == 0
    return capsys.readouterr().out.splitlines()[-1]


def test_unattended_nobody_is_asked_and_no_change_is_no_failure(monkeypatch, capsys):
    options = ("--no-confirm-changeset", "--no-fail-on-empty-changeset")

    assert all(option in printed(monkeypatch, capsys, "--unattended", "--stage", "prod") for option in options)
    assert not any(option in printed(monkeypatch, capsys, "--stage", "prod") for option in options)


def test_cloudformation_works_by_the_role_that_is_named(monkeypatch, capsys):
    assert "--role-arn arn:aws:iam::1:role/r" in printed(monkeypatch, capsys, "--role-arn", "arn:aws:iam::1:role/r")
