"""What `sam build` left for one processor: each zip function's folders, as Lambda lays them on the path."""

from __future__ import annotations

import io
import platform
import zipfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from samcli.yamlhelper import yaml_parse

if TYPE_CHECKING:
    from pathlib import Path

MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}  # Lambda's name for a processor → the kernel's


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
    def zip_bytes(self) -> int:
        """Weigh the function's zip and its layers'."""
        return sum(map(_zipped_bytes, (self.task, *self.layers)))

    @property
    def bytes(self) -> int:
        """Weigh all of it unzipped."""
        return sum(
            file.stat().st_size for folder in (self.task, *self.layers) for file in folder.rglob("*") if file.is_file()
        )


def functions_of(build: Path) -> list[Built]:
    """List the zip functions of a build. Raises OSError where there is none."""
    build = build.resolve()
    resources = yaml_parse((build / "template.yaml").read_text())["Resources"]
    processor = next(each["Metadata"]["BuildArchitecture"] for name, each in resources.items() if name == "CoreLayer")
    return [
        Built(
            name,
            processor,
            resource["Properties"]["Handler"].rpartition(".")[0],
            build / name,
            tuple(build / layer["Ref"] for layer in resource["Properties"]["Layers"]),
        )
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function" and resource["Properties"].get("PackageType") != "Image"
    ]


@cache
def _zipped_bytes(folder: Path) -> int:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return written.getbuffer().nbytes
