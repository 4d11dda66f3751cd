"""The running stack: the API in front, the cloud behind it, and what people and tests need to use both."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cari_api.auth import keys, scopes
from local import built, pins, template
from local.aws import cloud as clouds
from local.gateway import front
from local.gateway.front import GatewayHandler
from local.http import callers
from local.http.serving import claimed, port_of, serving

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

STATE = template.ROOT / ".local"
UNBOUNDED = 10**9  # a laptop's own keys are not to meet a deployment's limits


@dataclass(frozen=True)
class Stack:
    """A served template."""

    url: str  # of the API
    key: str  # a development key
    cloud: clouds.Cloud

    def add_key(self, *, mode: keys.Mode = "dev", tenant: str | None = None, **record: Any) -> str:
        """Register another key; `state`, `scopes` and all else as in KeyRecord."""
        return add_key(self.cloud, mode=mode, tenant=tenant, **record)


@contextlib.contextmanager
def running(*, port: int = 0, cloud_port: int = 0, state: Path = STATE, build: Path | None = None) -> Iterator[Stack]:
    """Serve the template until the block ends. Port 0 takes any free one. Raises PortRefused, TemplateRejected.

    Functions run from this checkout, or as `sam build` left them in `build`.
    """
    pins.check()
    functions = built.as_built(build) if build else template.functions()
    state.mkdir(parents=True, exist_ok=True)
    with (
        claimed(port) as api_listener,
        claimed(cloud_port) as cloud_listener,
        (state / "functions.log").open("wb") as log,
        clouds.running(cloud_listener, state, log, functions) as cloud,
        _gateway(cloud, api_listener) as url,
    ):
        stack = Stack(url, add_key(cloud, name="make run", scopes=scopes.ALL), cloud)
        _leave_word(stack, state)
        yield stack


def _gateway(cloud: clouds.Cloud, listener: socket.socket) -> AbstractContextManager[str]:
    api = front.application(cloud.invoke)
    return serving(callers.by_our_names(api, port_of(listener), api.refuse), listener, api.refuse, GatewayHandler)


def found(state: Path) -> Stack:
    """Find a stack that another process serves, by the word it left. Its functions answer over Lambda's API alone."""
    described = json.loads((state / "stack.json").read_text())
    cloud = clouds.Cloud(described["endpoint_url"], described["outputs"])
    return Stack(described["url"], (state / "api-key").read_text(), cloud)


def add_key(cloud: clouds.Cloud, *, mode: keys.Mode = "dev", tenant: str | None = None, **record: Any) -> str:
    """Register a fresh key in the stack's table."""
    key = keys.new_key(mode)
    usual = {"state": "active", "requests_per_minute": UNBOUNDED, "verifications_per_month": UNBOUNDED}
    known = keys.KeyRecord(**{"tenant": tenant or keys.new_tenant(), "mode": mode, **usual, **record})
    keys.register(cloud.table(cloud.outputs["ApiKeysTable"]), key, known)
    return key


def _leave_word(stack: Stack, state: Path) -> None:
    """Write the key, and where everything is, for clients that start later."""
    key_file = state / "api-key"
    key_file.touch(mode=0o600)
    key_file.chmod(0o600)
    key_file.write_text(stack.key)
    described = {"url": stack.url, "endpoint_url": stack.cloud.endpoint_url, "outputs": stack.cloud.outputs}
    (state / "stack.json").write_text(json.dumps(described, indent=1))
