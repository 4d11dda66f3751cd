"""A layer is a package: what a function may import is what its template entry gives it, and arrows point one way."""

import ast
import re
from pathlib import Path

import pytest
from samcli.yamlhelper import yaml_parse

ROOT = Path(__file__).parents[3]
RESOURCES = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]
ALLOWED = {  # package → those it may import
    "cari_common": set(),
    "cari_intake": {"cari_common"},
    "cari_imaging": {"cari_common"},
    "cari_face": {"cari_common", "cari_imaging"},
    "cari_mrz": {"cari_common", "cari_imaging"},
    "cari_barcode": {"cari_common", "cari_imaging"},
}
FUNCTIONS = [name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::Serverless::Function"]


def modules_imported_by(folder: Path) -> set[str]:
    found = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return found


def packages_imported_by(folder: Path) -> set[str]:
    return {module.partition(".")[0] for module in modules_imported_by(folder)} & set(ALLOWED)


def packages_given_to(function: str) -> set[str]:
    resource = RESOURCES[function]
    if resource["Properties"].get("PackageType") == "Image":
        dockerfile = (ROOT / resource["Metadata"]["Dockerfile"]).read_text()
        return set(re.findall(r"layers/\w+/(cari_\w+)", dockerfile))
    layers = [RESOURCES[layer["Ref"]]["Properties"]["ContentUri"] for layer in resource["Properties"]["Layers"]]
    return {f"cari_{Path(layer).name}" for layer in layers} & set(ALLOWED)  # a layer of pins alone has no package


def folder_of(function: str) -> Path:
    resource = RESOURCES[function]
    return ROOT / (resource["Properties"].get("CodeUri") or Path(resource["Metadata"]["Dockerfile"]).parent)


@pytest.mark.parametrize("package", ALLOWED)
def test_a_layer_imports_only_the_layers_below_it(package):
    folder = ROOT / "layers" / package.removeprefix("cari_") / package

    assert packages_imported_by(folder) - {package} <= ALLOWED[package]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_only_the_layers_that_it_names(function):
    assert packages_imported_by(folder_of(function)) <= packages_given_to(function)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_names_no_layer_without_those_below_it(function):
    given = packages_given_to(function)

    assert {below for package in given for below in ALLOWED[package]} <= given


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_never_import_each_other(function):
    own = f"functions.{folder_of(function).name}"

    others = {
        m for m in modules_imported_by(folder_of(function)) if m.startswith("functions.") and not m.startswith(own)
    }

    assert not others


@pytest.mark.parametrize("package", ["cari_common", "cari_intake"])
def test_what_verify_runs_on_carries_no_opencv(package):
    folder = ROOT / "layers" / package.removeprefix("cari_")

    assert not {"cv2", "numpy"} & modules_imported_by(folder)


def test_only_settings_reads_the_environment_of_the_common_layer():
    readers = [
        file.name
        for file in (ROOT / "layers/common/cari_common").glob("*.py")
        if re.search(r"os\.(environ|getenv)", file.read_text())
    ]

    assert readers == ["settings.py"]
