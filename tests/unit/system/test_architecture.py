"""A layer is a package: what a function may import is what its template entry gives it, and arrows point one way."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from local import template

ROOT = Path(__file__).parents[3]
RESOURCES = template.read()["Resources"]
PACKAGES = {package.name: package.parent.name for package in ROOT.glob("layers/*/cari_*")}  # package → layer
BELOW = {  # layer → those that its packages import; lint-imports holds them to it
    "core": set(),
    "aws": {"core"},
    "verification": {"core", "aws"},
    "api": {"core", "aws"},
    "evidence": {"core", "aws", "verification"},
    "intake": {"core"},
    "imaging": {"core"},
    "face": {"core", "imaging"},
    "mrz": {"core", "imaging"},
    "barcode": {"core", "imaging"},
}
MOST_LAYERS = 5  # that a function may name; Lambda's own bound
FUNCTIONS = [name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::Serverless::Function"]


@cache
def imports_of(file: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return frozenset(found)


def modules_imported_by(folder: Path) -> set[str]:
    return set().union(*map(imports_of, folder.rglob("*.py")))


def layers_imported_by(folder: Path) -> set[str]:
    packages = {module.partition(".")[0] for module in modules_imported_by(folder)}
    return {PACKAGES[package] for package in packages & PACKAGES.keys()}


def layers_given_to(function: str) -> set[str]:
    resource = RESOURCES[function]
    if resource["Properties"].get("PackageType") == "Image":
        dockerfile = (ROOT / resource["Metadata"]["Dockerfile"]).read_text()
        return set(re.findall(r"layers/(\w+)/cari_\w+", dockerfile))
    return {
        Path(RESOURCES[layer["Ref"]]["Properties"]["ContentUri"]).name for layer in resource["Properties"]["Layers"]
    }


def folder_of(function: str) -> Path:
    resource = RESOURCES[function]
    return ROOT / (resource["Properties"].get("CodeUri") or Path(resource["Metadata"]["Dockerfile"]).parent)


@pytest.mark.parametrize("layer", BELOW)
def test_a_layer_imports_only_the_layers_below_it(layer):
    assert layers_imported_by(ROOT / "layers" / layer) - {layer} <= BELOW[layer]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_imports_only_the_layers_that_it_names(function):
    assert layers_imported_by(folder_of(function)) <= layers_given_to(function)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_names_no_layer_without_those_below_it(function):
    given = layers_given_to(function)

    assert {below for layer in given for below in BELOW[layer]} <= given


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_names_no_more_layers_than_lambda_takes(function):
    is_image = RESOURCES[function]["Properties"].get("PackageType") == "Image"

    assert is_image or len(layers_given_to(function)) <= MOST_LAYERS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_never_import_each_other(function):
    own = f"functions.{folder_of(function).name}"

    others = {
        m
        for m in modules_imported_by(folder_of(function))
        if m.startswith("functions.") and not f"{m}.".startswith(f"{own}.")
    }

    assert not others


@pytest.mark.parametrize("folder", ["layers", "functions"])
def test_nothing_that_ships_imports_by_a_name_that_is_made_up_at_run_time(folder):
    assert not {"importlib", "tools", "tests", "local", "specimens"} & {
        module.partition(".")[0]
        for module in modules_imported_by(ROOT / folder)
        if not module.startswith(("importlib.resources", "importlib.metadata"))
    }


def test_only_settings_reads_the_environment():
    readers = [
        file.relative_to(ROOT / "layers").as_posix()
        for layer in ("core", "aws", "verification", "api", "evidence")
        for file in (ROOT / "layers" / layer).rglob("*.py")
        if re.search(r"os\.(environ|getenv)", file.read_text())
    ]

    assert readers == ["core/cari_core/settings.py"]
