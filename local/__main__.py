"""`make run`: serve the template, verify a sample as any client would, then serve until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from local import pins, sample
from local.stack import STATE, running

if TYPE_CHECKING:
    from types import FrameType

DEFAULT_PORT = 3000


def main() -> int:
    """Serve on 127.0.0.1:$PORT, the cloud behind it on the next port."""
    pins.check()
    port = int(os.environ.get("PORT", DEFAULT_PORT))
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    try:
        with running(port=port, cloud_port=port + 1 if port else 0) as stack:
            print(f"ready {stack.url} key {stack.key}", flush=True)
            answer, picture = sample.verify(stack.url, stack.key, STATE / "sample")
            print(json.dumps(answer, indent=2))
            print(f"The sample above, drawn on its pictures: {picture}\nCtrl-C ends.", flush=True)
            stop.wait()
    except OSError as error:
        print(f"Cannot listen on 127.0.0.1:{port} and {port + 1}: {error.strerror}. Try PORT=…", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
