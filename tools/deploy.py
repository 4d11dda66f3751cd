"""Build, pack and deploy: `make deploy [STAGE=prod] [ARCH=arm64]`.

samconfig.toml says the stack and the parameters of each stage; the processor is a parameter of build and deploy alike,
so it is given to both from one place. Where there is no Python 3.13, which the functions run on, SAM builds in its
container.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tools import packaging

ROOT = Path(__file__).parents[1]
BUILT = ROOT / ".aws-sam" / "build"
STAGES = {"dev": "default", "prod": "prod"}  # → the table of samconfig.toml
PYTHON = "python3.13"


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
    build, deploy = commands(config, chosen.stage, chosen.arch, in_container=shutil.which(PYTHON) is None)
    deploy += ["--role-arn", chosen.role_arn] if chosen.role_arn else []
    deploy += ["--no-confirm-changeset", "--no-fail-on-empty-changeset"] if chosen.unattended else []
    if chosen.only_print:
        print(*(" ".join(each) for each in (build, deploy)), sep="\n")
        return 0
    subprocess.run(build, check=True, cwd=ROOT)
    if failed := packaging.main([str(BUILT)]):
        return failed
    return subprocess.run(deploy, check=False, cwd=ROOT).returncode


def commands(config: dict[str, Any], stage: str, arch: str, *, in_container: bool) -> tuple[list[str], list[str]]:
    """Give the two commands of SAM's. The mrz_fallback image needs Docker in any case."""
    table = STAGES[stage]
    written: str = config[table]["deploy"]["parameters"]["parameter_overrides"]
    parameters = dict(each.split("=", 1) for each in written.split())
    told = [f"{name}={value}" for name, value in {**parameters, "Architecture": arch}.items()]
    build = ["sam", "build", "--config-env", table, "--parameter-overrides", f"Architecture={arch}"]
    deploy = ["sam", "deploy", "--config-env", table, "--parameter-overrides", " ".join(told)]
    return build + ["--use-container"] * in_container, deploy


if __name__ == "__main__":
    sys.exit(main())
