"""What `sam build` left for one processor: each zip function's folders, as Lambda lays them on the path."""

from __future__ import annotations

import dataclasses
import io
import platform
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from samcli.yamlhelper import yaml_parse

from local import template
from local.lambda_runtime.runtime import SITE_PACKAGES

MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}  # Lambda's name for a processor → the kernel's
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")  # what Lambda's runtime brings
RUNTIME = ("awslambdaric", "runtime_client.*.so", "simplejson", "snapshot_restore_py.py")  # what it is itself


@dataclass(frozen=True)
class Built:
    """One zip function: its module, its own folder, its layers'."""

    name: str
    processor: str
    module: str
    task: Path
    layers: tuple[Path, ...]

    @property
    def runs_here(self) -> bool:
        """Say whether this machine has the processor that it was built for."""
        return MACHINES[self.processor] == platform.machine()

    @property
    def folders(self) -> tuple[Path, ...]:
        """Its own folder and its layers'."""
        return (self.task, *self.layers)

    @property
    def path(self) -> tuple[Path, ...]:
        """What Python looks through before the runtime's own."""
        return (self.task, *(layer / "python" for layer in self.layers))

    @property
    def zip_bytes(self) -> int:
        """Weigh the function's zip and its layers'."""
        return sum(map(_zipped_bytes, self.folders))

    @property
    def bytes(self) -> int:
        """Weigh all of it unzipped."""
        return sum(file.stat().st_size for folder in self.folders for file in folder.rglob("*") if file.is_file())


def functions_of(build: Path) -> list[Built]:
    """List the zip functions of a build. Raises OSError where there is none."""
    build = build.resolve()
    source = yaml_parse((build / "template.yaml").read_text())
    processor = source["Resources"]["CoreLayer"]["Metadata"]["BuildArchitecture"]
    return [
        Built(
            name,
            processor,
            properties["Handler"].rpartition(".")[0],
            build / name,
            tuple(build / layer["Ref"] for layer in properties["Layers"]),
        )
        for name, properties in _zip_functions(source).items()
    ]


def as_built(build: Path) -> dict[str, template.Function]:
    """Describe every function of the template, the zip functions as they were built: with nothing of this checkout.

    Raises TemplateRejected where the build was made from another template.
    """
    functions, left = template.functions(), functions_of(build)
    if other := {each.name for each in left} ^ _zip_functions(template.read()).keys():
        raise template.TemplateRejected(f"{build} was built from another template: build it again ({', '.join(other)})")
    for built in left:
        functions[built.name] = dataclasses.replace(
            functions[built.name], task=built.task, packages=built.path[1:], runtime=runtime()
        )
    return functions


@cache
def runtime() -> Path:
    """Lay out what Lambda's runtime has, and nothing else of the environment."""
    folder = Path(tempfile.mkdtemp(prefix="lambda-runtime-"))
    for pattern in (*SDK, *RUNTIME):
        for found in SITE_PACKAGES.glob(pattern):
            (folder / found.name).symlink_to(found)
    return folder


def _zip_functions(source: template.Template) -> dict[str, template.Template]:
    return {
        name: resource["Properties"]
        for name, resource in source["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function" and resource["Properties"].get("PackageType") != "Image"
    }


@cache
def _zipped_bytes(folder: Path) -> int:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return written.getbuffer().nbytes
