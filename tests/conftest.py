"""The served stack, for tests that want the whole of it: one for all of them, in a process of its own.

moto keeps its state in module globals, and unit tests that mock AWS would wipe it under a stack in their process.
"""

import os
import pathlib
import signal
import subprocess
import sys

import hypothesis
import pytest

# A busy machine is slow at everything: no test fails for want of time.
for profile, max_examples in (("thorough", 60), ("quick", 20)):
    hypothesis.settings.register_profile(
        profile, max_examples=max_examples, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
hypothesis.settings.load_profile("thorough")

SERVE = "import sys, pathlib; from local.run import main; sys.exit(main(pathlib.Path(sys.argv[1])))"
PATIENCE_S = 60


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Let one process of tests start the stack, and its functions, for all tests that want it."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack_state(tmp_path_factory):
    """Where the served stack leaves its word and its log."""
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def stack(stack_state):
    """The template on 127.0.0.1, on free ports."""
    from local.stack import found  # noqa: PLC0415  # unit tests need none of it

    serving = subprocess.Popen(
        [sys.executable, "-c", SERVE, stack_state], env={**os.environ, "PORT": "0"}, stdout=subprocess.PIPE, text=True
    )
    said = serving.stdout.readline()
    assert said.startswith("ready "), said
    yield found(stack_state)
    serving.send_signal(signal.SIGINT)
    serving.communicate(timeout=PATIENCE_S)
    if folder := os.environ.get("CARI_IAM_USED"):  # tools.iam_report reads there which permissions were used
        used = (stack_state / "iam.jsonl").read_text()
        (pathlib.Path(folder) / f"stack-{os.getpid()}.jsonl").write_text(used)


@pytest.fixture
def tenant():
    """Somebody whom no other test knows: all of them share the stack."""
    from cari_api.auth.keys import new_tenant  # noqa: PLC0415  # likewise

    return new_tenant()


@pytest.fixture(scope="session")
def specimens(tmp_path_factory):
    """A specimen passport and a selfie of its fictional holder, as JPEG bytes."""
    from local import sample  # noqa: PLC0415  # likewise

    passport, selfie = sample.render(tmp_path_factory.mktemp("specimens"))
    return {"front": passport.read_bytes(), "selfie": selfie.read_bytes()}
