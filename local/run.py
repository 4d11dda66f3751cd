"""Serve the template, verify a sample as any client would, then serve until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import requests

from local import events, sample
from local.http.serving import PortRefused
from local.stack import STATE, running
from local.template import TemplateRejected

if TYPE_CHECKING:
    from types import FrameType

    from local.stack import Stack

DEFAULT_PORT = "3000"
WAKE_S = 0.5  # a signal that the kernel gave to another thread is acted on when this one wakes
LAST_PORT = 65_534  # the cloud takes the next


def main(state: Path = STATE) -> int:
    """Serve on 127.0.0.1:$PORT, the cloud behind it on the next port; say in a line why not.

    Functions run from this checkout, or as `sam build` left them in $BUILD.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        port = _port(os.environ.get("PORT", DEFAULT_PORT))
        build = Path(os.environ["BUILD"]) if os.environ.get("BUILD") else None
        with running(port=port, cloud_port=port + 1 if port else 0, state=state, build=build) as stack:
            print(f"ready {stack.url} key {stack.key}", flush=True)
            _show_sample(stack, state)
            events.prepare(stack.cloud)
            while True:
                time.sleep(WAKE_S)
    except KeyboardInterrupt:
        return 0
    except (PortRefused, TemplateRejected) as error:
        print(error, file=sys.stderr)
    return 1


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise PortRefused(f"PORT is {text!r}, not a number up to {LAST_PORT}.")
    return int(text)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """End in order, once: a second Ctrl-C must not leave processes behind."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _show_sample(stack: Stack, state: Path) -> None:
    try:
        answer, drawings = sample.verify(stack.url, stack.key, state / "sample")
    except requests.RequestException as error:
        print(f"The sample was not verified: {error} See {state / 'functions.log'}.", file=sys.stderr, flush=True)
    else:
        print(json.dumps(answer, indent=2))
        print("The sample above, drawn on its pictures:", *drawings)
    print("Ctrl-C ends.", flush=True)
