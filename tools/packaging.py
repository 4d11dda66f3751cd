"""Make what `sam build` left smaller and quicker to import: `python -m tools.packaging .aws-sam/build`.

A zip's files are read-only in Lambda, so what is not compiled before is compiled at every cold start. Bytecode is
written unchecked-hash (PEP 552): a zip does not keep the times that Python would compare. Twice does no harm.
"""

from __future__ import annotations

import compileall
import py_compile
import shutil
import subprocess
import sys
from pathlib import Path

RUNTIME = (3, 13)  # the template's
RUNTIME_IMAGE = "public.ecr.aws/sam/build-python3.13"
# What no import needs: OpenCV's cascades, others' tests, type stubs, and what the build itself was told by.
DEAD_WEIGHT = (
    *("**/cv2/data", "**/numpy/**/tests", "**/numpy/_pyinstaller", "**/numpy/typing/tests", "**/*.pyi", "**/*.pxd"),
    *("*/python/bin", "*/python/requirements.*", "*/python/pyproject.toml", "*/python/build"),
)


class NoInterpreter(Exception):
    """Nothing here compiles for the functions' Python."""


def main(arguments: list[str]) -> int:
    """Pack every folder that is named; 1 where nothing compiles for the functions' Python."""
    try:
        for folder in map(Path, arguments):
            drop_dead_weight(folder)
            compiled(folder)
    except NoInterpreter as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def drop_dead_weight(built: Path) -> None:
    """Erase what no import needs, in every function and layer of a build."""
    for found in [*dead_weight(built), *built.glob("**/__pycache__")]:  # what was compiled is compiled anew
        if found.is_dir():
            shutil.rmtree(found)
        else:
            found.unlink(missing_ok=True)


def dead_weight(built: Path) -> list[Path]:
    """Find what no import needs, in every function and layer of a build."""
    return [found for pattern in DEAD_WEIGHT for found in built.glob(pattern)]


def compiled(built: Path) -> None:
    """Compile with the functions' Python: this one, one on PATH, or that of SAM's build image. Raises NoInterpreter."""
    if sys.version_info[:2] == RUNTIME:
        compile_all(built)
        return
    command = ["-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    if python := shutil.which(f"python{RUNTIME[0]}.{RUNTIME[1]}"):
        subprocess.run([python, *command, str(built)], check=True)
    elif docker := shutil.which("docker"):
        mounted = f"{built.resolve()}:/build"
        subprocess.run([docker, "run", "--rm", "-v", mounted, RUNTIME_IMAGE, "python", *command, "/build"], check=True)
    else:
        raise NoInterpreter(
            f"Python {RUNTIME[0]}.{RUNTIME[1]}, which the functions run on, is not on PATH, and neither is Docker."
        )


def compile_all(built: Path) -> None:
    """Write bytecode beside every source file, which is then never compared with it."""
    compileall.compile_dir(
        built, quiet=1, force=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, stripdir=str(built)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
