"""What `sam build` and tools.packaging left, checked without an account: that it deploys and starts, and quickly."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.built import MACHINES, functions_of, runtime
from local.lambda_runtime.read_only import read_only
from tools import packaging
from tools.doctor.finding import fail, ok, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from local.built import Built
    from tools.doctor.finding import Finding

MAX_BYTES = 250_000_000  # unzipped, a function and its layers; Lambda's own limit is 262,144,000
MAX_LAYERS = 5
UNCHECKED_HASH = 0b01  # PEP 552
BUILD_AGAIN = "run `make build` or `make deploy`"
ELF_MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine → the kernel's name


@dataclass(frozen=True)
class FaceModel:
    """The networks that a model is made of, and on what terms they may be used."""

    files: frozenset[str]
    terms: str


def findings(build: Path) -> list[Finding]:
    """Check every zip function of a build and every layer once. Raises OSError where there is none."""
    functions = functions_of(build)
    folders = sorted({folder for each in functions for folder in each.folders})
    processor = functions[0].processor
    return [
        *(found for each in functions for found in (_size(each), _layers(each), _starts(each))),
        *(found for folder in folders for found in (_processor(folder, processor), _bytecode(folder), _weight(folder))),
        *(
            found
            for folder in folders
            for package in folder.glob("python/cari_face")
            for found in face_weights(package.parent.parent.name, _weights(package), _sums(package), _models(package))
        ),
    ]


def face_weights(
    subject: str, weights: Mapping[str, str], sums: Mapping[str, str], models: Mapping[str, FaceModel], wanted: str = ""
) -> Iterator[Finding]:
    """Check the face layer's weights: all there, each the file that SHA256SUMS names, and one model, the one wanted.

    `weights` and `sums` are SHA-256 by file. Where all is well, the model's terms are told: whoever deploys chose them.
    """
    embedders = frozenset[str]().union(*(model.files for model in models.values()))
    missing = sorted(sums.keys() - embedders - weights.keys())
    altered = sorted(name for name in sums.keys() & weights.keys() if sums[name] != weights[name])
    built_in = next((name for name, model in models.items() if model.files == embedders & weights.keys()), None)
    again = f"run `make weights`, then {BUILD_AGAIN}"
    if missing or altered or not built_in:
        what = [*(f"{name} is missing" for name in missing), *(f"{name} was altered" for name in altered)]
        yield fail("weights", subject, f"{', '.join(what or ['there is no whole model'])}: {again}")
    elif wanted and wanted != built_in:
        say = f"has {built_in}, and the parameter FaceModel is {wanted}"
        yield fail("weights", subject, f"{say}: run `make weights MODEL={wanted}` and deploy, or change the parameter")
    else:
        measured = len(weights.keys() & sums.keys())
        say = f"{built_in}, {measured} of {len(weights)} files as SHA256SUMS has them; {models[built_in].terms}"
        yield ok("weights", subject, say)


def _size(function: Built) -> Finding:
    if function.bytes > MAX_BYTES:
        say = f"{function.bytes:,} bytes with its layers, of {MAX_BYTES:,}: take something out of a layer"
        return fail("size", function.name, say)
    return ok("size", function.name, f"{function.bytes:,} bytes with its layers, of {MAX_BYTES:,}")


def _layers(function: Built) -> Finding:
    if missing := [folder.name for folder in function.folders if not folder.is_dir()]:
        return fail("layers", function.name, f"{', '.join(missing)} was not built: {BUILD_AGAIN}")
    if len(function.layers) > MAX_LAYERS:
        return fail("layers", function.name, f"{len(function.layers)} layers; Lambda takes {MAX_LAYERS}")
    return ok("layers", function.name, f"all built, {MAX_LAYERS} at most")


def _starts(function: Built) -> Finding:
    """Import the handler in a fresh process that has what Lambda has and can write nothing."""
    if not function.runs_here:
        return warn("starts", function.name, f"not tried: this machine does not run {function.processor}")
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [
                *read_only(function.task.parent, function.task),
                sys.executable,
                "-S",
                "-c",
                f"from {function.module} import handler",
            ],
            env={
                "PATH": os.environ["PATH"],
                "HOME": home,
                "PYTHONPATH": os.pathsep.join(map(str, [*function.path, runtime()])),
                "AWS_REGION": "eu-west-1",
                "AWS_DEFAULT_REGION": "eu-west-1",
            },
            cwd=function.task,
            check=False,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return fail("starts", function.name, f"it does not: {last}; is a package missing from its layers?")
    return ok("starts", function.name, "its handler is imported, with its own layers and nothing else")


def _processor(folder: Path, processor: str) -> Finding:
    found = {path.name: _machine(path) for path in folder.rglob("*.so*") if path.is_file()}
    if other := {name: machine for name, machine in found.items() if machine not in {MACHINES[processor], ""}}:
        name, machine = next(iter(other.items()))
        say = f"{len(other)} libraries are for {machine}, {name} among them, and the build is for {processor}"
        return fail("processor", folder.name, f"{say}: {BUILD_AGAIN} with ARCH={processor}")
    return ok("processor", folder.name, f"every library is for {processor}")


def _machine(library: Path) -> str:
    with library.open("rb") as file:
        head = file.read(20)
    if head[:4] != b"\x7fELF":
        return ""
    return ELF_MACHINES.get(int.from_bytes(head[18:20], "little"), "another processor")


def _bytecode(folder: Path) -> Finding:
    lacking = [source for source in folder.rglob("*.py") if not _is_compiled(source)]
    if lacking:
        say = f"{len(lacking)} modules have no bytecode for Python {'.'.join(map(str, packaging.RUNTIME))}"
        return fail("bytecode", folder.name, f"{say}, so each start compiles them: python -m tools.packaging BUILD")
    return ok("bytecode", folder.name, "every module is compiled")


def _is_compiled(source: Path) -> bool:
    tag = "cpython-{}{}".format(*packaging.RUNTIME)
    bytecode = source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc"
    if not bytecode.is_file():
        return False
    with bytecode.open("rb") as file:
        return int.from_bytes(file.read(8)[4:8], "little") == UNCHECKED_HASH


def _weight(folder: Path) -> Finding:
    found = [path for path in packaging.dead_weight(folder.parent) if path.is_relative_to(folder)]
    if found:
        say = f"{len(found)} things that no import needs, {found[0].relative_to(folder)} among them"
        return warn("dead weight", folder.name, f"{say}: python -m tools.packaging BUILD")
    return ok("dead weight", folder.name, "nothing that no import needs")


def _weights(package: Path) -> dict[str, str]:
    files = [path for path in (package / "weights").iterdir() if path.suffix in {".onnx", ".tflite"}]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _sums(package: Path) -> dict[str, str]:
    return sums_of((package / "weights" / "SHA256SUMS").read_text())


def sums_of(text: str) -> dict[str, str]:
    """Read a SHA256SUMS file: SHA-256 by file."""
    return {name: sha256 for sha256, name in map(str.split, text.splitlines())}


def _models(package: Path) -> dict[str, FaceModel]:
    return models_of((package / "models.toml").read_text())


def models_of(text: str) -> dict[str, FaceModel]:
    """Read a models.toml, by the models' names."""
    entries = tomllib.loads(text)
    parts = {name: [entries[part] for part in entry.get("parts", [name])] for name, entry in entries.items()}
    return {
        name: FaceModel(frozenset(part["file"] for part in each), "; ".join(map(_terms, each)))
        for name, each in parts.items()
    }


def _terms(entry: Mapping[str, str]) -> str:
    return f"{entry['title']}: {entry['licence']}, trained on: {entry.get('trained_on', 'not told')}"
