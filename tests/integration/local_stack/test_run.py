"""What `make run` runs, started and ended as a person would."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.conftest import SERVE
from tests.integration.local_stack.processes import runtimes

ROOT = Path(__file__).parents[3]
PATIENCE_S = 90

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture
def run(tmp_path):
    started = []

    def run(port: object) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, tmp_path],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_a_port_that_is_taken_is_said_in_one_line(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = run(port)
        said, complained = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, said) == (1, "")
    assert complained.count("\n") == 1
    assert f"127.0.0.1:{port}" in complained


@pytest.mark.parametrize("port", ["http", "65535"])
def test_a_port_that_is_none_is_said_in_one_line(run, port):
    process = run(port)
    said, complained = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, said) == (1, "")
    assert complained == f"PORT is {port!r}, not a number up to 65534.\n"


@pytest.mark.parametrize("ending", [signal.SIGTERM])  # SIGINT is how tests/conftest.py ends it
def test_it_says_where_it_is_and_leaves_no_process_behind(run, ending, tmp_path):
    process = run(0)
    ready = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+) key (dev_[0-9a-f-]{36})\n", process.stdout.readline())

    answer = requests.get(f"{ready[1]}/openapi.json", timeout=PATIENCE_S)
    state = json.loads((tmp_path / "stack.json").read_text())
    key_file = tmp_path / "api-key"
    environments = {pid for pid, parent in runtimes().items() if parent == process.pid}
    process.send_signal(ending)
    process.communicate(timeout=PATIENCE_S)

    assert answer.status_code == 200
    assert state["url"] == ready[1]
    assert (key_file.read_text(), key_file.stat().st_mode & 0o777) == (ready[2], 0o600)
    assert process.returncode == 0
    assert environments
    assert not environments & runtimes().keys()
