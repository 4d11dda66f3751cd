"""Build the zip functions for each processor and hold every function with its layers to Lambda's size limit.

Usage: python .ci/size_gate.py PROCESSOR… (x86_64, arm64). Exits 1 where one is too large.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from samcli.yamlhelper import yaml_parse

MAX_BYTES = 250_000_000  # unzipped, function and layers together; Lambda's own limit is 262,144,000
IMAGE_FUNCTIONS = ("MrzFallbackFunction",)


def main(processors: list[str]) -> int:
    """Build and weigh; print a line a function."""
    too_large = False
    for processor in processors:
        for name, size in _sizes(_build(processor)).items():
            verdict = "ok" if size <= MAX_BYTES else "TOO LARGE"
            too_large |= size > MAX_BYTES
            print(f"{processor:7} {name:22} {size:>12,} of {MAX_BYTES:,} bytes  {verdict}")
    return int(too_large)


def _build(processor: str) -> Path:
    folder = Path(".build") / f"sam-{processor}"
    excluded = [part for name in IMAGE_FUNCTIONS for part in ("--exclude", name)]
    subprocess.run(
        [
            *("sam", "build", "--cached", "--cache-dir", f".build/sam-cache-{processor}", "--build-dir", str(folder)),
            *("--parameter-overrides", f"Architecture={processor}", *excluded),
        ],
        check=True,
    )
    subprocess.run([sys.executable, "-m", "tools.packaging", folder], check=True)
    return folder


def _sizes(built: Path) -> dict[str, int]:
    resources = yaml_parse((built / "template.yaml").read_text())["Resources"]
    return {
        name: sum(_folder_size(built / part) for part in (name, *_layers(resource)))
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function" and name not in IMAGE_FUNCTIONS
    }


def _layers(resource: dict[str, dict[str, list[dict[str, str]]]]) -> list[str]:
    return [layer["Ref"] for layer in resource["Properties"].get("Layers", [])]


def _folder_size(folder: Path) -> int:
    if not folder.is_dir():
        raise SystemExit(f"sam build left no {folder}")
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
