"""Importing a built function in a fresh process that can write nothing, beside the libraries that it loads alone.

As Lambda does it: the function's folder and its layers', then the runtime's own boto3; nothing else of this machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.built import runtime

if TYPE_CHECKING:
    from local.built import Built

OWN = ("cari_", "functions")
MEASURED = """
import json, resource, sys, time
before = set(sys.modules)
began = time.process_time()
for name in sys.argv[1:]:
    if name not in sys.modules:
        __import__(name)
spent = time.process_time() - began
loaded = [name for name in sys.modules if name not in before]
print(json.dumps([spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, loaded]))
"""
# Heavy packages that a function is meant to load; whatever else of these it loads is a fault.
HEAVY = frozenset({"boto3", "cv2", "numpy", "PIL", "cryptography", "joserfc", "pydantic", "aws_lambda_powertools"})
MEANT = {
    "PreTrafficFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "AuthorizerFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "VerifyFunction": {"boto3", "pydantic", "aws_lambda_powertools", "PIL"},
    "BatchFunction": {"boto3", "pydantic", "aws_lambda_powertools", "PIL"},
    "RecordsFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "KeysFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "WorkerFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "AnnotatedFunction": {"boto3", "pydantic", "aws_lambda_powertools", "cv2", "numpy"},
    "DocsFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "SandboxFunction": {"boto3", "pydantic", "aws_lambda_powertools"},
    "FaceCompareFunction": {"pydantic", "cv2", "numpy"},
    "MrzFunction": {"pydantic", "aws_lambda_powertools", "cv2", "numpy"},  # it logs a barcode's failure
}


@dataclass(frozen=True)
class Imported:
    """CPU seconds and megabytes of importing a function, and CPU seconds of its libraries alone."""

    seconds: float
    peak_mb: int
    libraries_s: float
    modules: int


def measured(function: Built, times: int) -> Imported:
    """Import function and libraries in turns; the best of each is what the machine disturbed least."""
    _, _, loaded = _run(function, [function.module])
    libraries = [name for name in loaded if _is_library(name)]
    own, alone = [], []
    for _ in range(times):
        own.append(_run(function, [function.module])[:2])
        alone.append(_run(function, libraries)[0])
    return Imported(min(own)[0], min(peak for _, peak in own), min(alone), len(loaded))


def _is_library(module: str) -> bool:
    """Leave out our own, Python's, and modules that others make up at run time."""
    package = module.partition(".")[0]
    return not module.startswith((*OWN, "six.moves", "_")) and package not in sys.stdlib_module_names


def faults(function: Built) -> list[str]:
    """Name the heavy packages that a function loads when it starts and is not meant to."""
    if not function.runs_here:
        return []
    _, _, loaded = _run(function, [function.module])
    surplus = (HEAVY & set(loaded)) - MEANT[function.name]
    return [f"{function.name} loads {package} when it starts" for package in sorted(surplus)]


def _run(function: Built, modules: list[str]) -> tuple[float, int, list[str]]:
    with tempfile.TemporaryDirectory() as home:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "PYTHONPATH": os.pathsep.join(map(str, [*function.path, runtime()])),
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }
        done = subprocess.run(
            [sys.executable, "-S", "-c", MEASURED, *modules],
            env=environment,
            cwd=function.task,
            check=False,
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise RuntimeError(f"{function.name} does not start: {done.stderr}")
    answer: tuple[float, int, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answer
