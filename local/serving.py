"""WSGI applications on 127.0.0.1: a port is claimed first, so that one that is taken is known at once."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import WSGIApplication

HOST = "127.0.0.1"
BACKLOG = 128
SHUTDOWN_POLL_S = 0.05


class PortRefused(Exception):
    """Another program listens there, or this one may not, or there is no such port."""


@contextlib.contextmanager
def claimed(port: int) -> Iterator[socket.socket]:
    """Claim a port, any free one for 0. Raises PortRefused."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise PortRefused(
                f"Cannot listen on {HOST}:{port}: {error.strerror}. Choose another with PORT=…"
            ) from error
        listener.listen(BACKLOG)
        yield listener


def url_of(listener: socket.socket) -> str:
    """Say where an application on a claimed port will answer."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


@contextlib.contextmanager
def serving(
    application: WSGIApplication, listener: socket.socket, handler: type[WSGIRequestHandler] | None = None
) -> Iterator[str]:
    """Serve an application on a claimed port until the block ends; give its URL."""
    server = make_server(
        HOST,
        listener.getsockname()[1],
        application,
        threaded=True,
        request_handler=handler or _QuietHandler,
        fd=listener.fileno(),
    )
    thread = threading.Thread(target=server.serve_forever, args=(SHUTDOWN_POLL_S,), daemon=True)
    thread.start()
    try:
        yield url_of(listener)
    finally:
        server.shutdown()
        thread.join()


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Say nothing: paths name verifications."""
