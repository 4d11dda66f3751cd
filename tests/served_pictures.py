"""A bucket that serves pictures over HTTP, at the addresses that an engine is given."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cari_core import settings

BUCKET = "pictures"
MISSING = b"<Error><Code>NoSuchKey</Code></Error>"


@pytest.fixture
def picture_at(monkeypatch):
    """Serve bytes, or a whole answer (status, body), and give the address."""
    answers = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):  # the library's name
            status, body, *headers = answers.get(self.path.partition("?")[0], (404, MISSING))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    def picture_at(name, answer=None):
        path = f"/{BUCKET}/{name}"
        if answer is not None:
            answers[path] = (200, answer) if isinstance(answer, bytes) else answer
        return f"{endpoint}{path}?X-Amz-Signature=1"

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("BUCKET", BUCKET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    settings.forget()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield picture_at
    server.shutdown()
    server.server_close()
    settings.forget()
