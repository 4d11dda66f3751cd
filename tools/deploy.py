"""Build, pack and deploy: `make deploy [STAGE=prod] [ARCH=arm64]`.

samconfig.toml says the stack and the parameters of each stage; the processor is a parameter of build and deploy alike,
so it is given to both from one place. The face model that `FaceModel` names is built in first. Where there is no
Python 3.13, which the functions run on, SAM builds in its container.

What is built and every parameter's value make up `Release`: where it changes, each function publishes a new version,
and callers get that. SAM by itself would not notice a parameter's new value.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samcli.yamlhelper import yaml_parse

from tools import packaging

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[1]
BUILT = ROOT / ".aws-sam" / "build"
STAGES = {"dev": "default", "prod": "prod"}  # → the table of samconfig.toml
PYTHON = "python3.13"
IN_THE_IMAGE = (ROOT / "functions" / "mrz_fallback",)  # what it copies besides layers, which the build has too


def main() -> int:
    """Do all three, or stop at the first that fails."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--stage", default="dev", choices=STAGES)
    options.add_argument("--arch", default="x86_64", choices=["x86_64", "arm64"])
    options.add_argument("--role-arn", help="the role by which CloudFormation works; your own unless said")
    options.add_argument("--unattended", action="store_true", help="ask nothing, and take no change for no failure")
    options.add_argument("--only-print", action="store_true", help="print the commands and run none")
    chosen = options.parse_args()
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    given = parameters(config, chosen.stage, chosen.arch)
    weights = weights_command(given)
    build = build_command(chosen.stage, chosen.arch, in_container=shutil.which(PYTHON) is None)
    how = ["--role-arn", chosen.role_arn] if chosen.role_arn else []
    how += ["--no-confirm-changeset", "--no-fail-on-empty-changeset"] if chosen.unattended else []
    if chosen.only_print:
        print(*(" ".join(each) for each in (weights, build, [*deploy_command(chosen.stage, given), *how])), sep="\n")
        return 0
    subprocess.run(weights, check=True, cwd=ROOT)
    subprocess.run(build, check=True, cwd=ROOT)
    if failed := packaging.main([str(BUILT)]):
        return failed
    given["Release"] = release((BUILT, *IN_THE_IMAGE), given)
    return subprocess.run([*deploy_command(chosen.stage, given), *how], check=False, cwd=ROOT).returncode


def parameters(config: dict[str, Any], stage: str, arch: str) -> dict[str, str]:
    """Give the template's parameters that differ from their defaults."""
    written: str = config[STAGES[stage]]["deploy"]["parameters"]["parameter_overrides"]
    return {**dict(each.split("=", 1) for each in written.split()), "Architecture": arch}


def weights_command(given: Mapping[str, str]) -> list[str]:
    """Give the command that leaves the face model's weights, and no other's, where the build takes them from."""
    parameter = yaml_parse((ROOT / "template.yaml").read_text())["Parameters"]["FaceModel"]
    return [sys.executable, "layers/face/build/weights.py", given.get("FaceModel", parameter["Default"])]


def build_command(stage: str, arch: str, *, in_container: bool) -> list[str]:
    """Give SAM's command. The mrz_fallback image needs Docker in any case."""
    command = ["sam", "build", "--config-env", STAGES[stage], "--parameter-overrides", f"Architecture={arch}"]
    return command + ["--use-container"] * in_container


def deploy_command(stage: str, given: Mapping[str, str]) -> list[str]:
    """Give SAM's command."""
    told = " ".join(f"{name}={value}" for name, value in given.items())
    return ["sam", "deploy", "--config-env", STAGES[stage], "--parameter-overrides", told]


def release(folders: Iterable[Path], given: Mapping[str, str]) -> str:
    """Hash every file below the folders, by its path and content, and every parameter: 40 hex digits."""
    digest = hashlib.sha256(repr(sorted(given.items())).encode())
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"\0{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
            with file.open("rb") as content:
                digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()[:40]


if __name__ == "__main__":
    sys.exit(main())
