"""Every error that a caller can meet, written out from the tree in `errors.py`, as HTML and as Markdown.

`make docs` writes both.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from html import escape
from http import HTTPStatus

from cari_core.errors import CariError

PASSING = frozenset({429, 500, 502, 503, 504})  # statuses of what may be over soon
# Over as soon as what is under way has ended.
SOON = frozenset({"idempotency_in_progress", "still_processing", "upload_in_use"})
FOR_LONG = frozenset({"quota_exceeded"})  # but not before the next month
INTRODUCTION = (
    "Every error is a problem document (RFC 9457, `application/problem+json`). Branch on `code`: it never changes its\n"
    "meaning. `detail` is a sentence for people and may be reworded, `field` names the part of the request that is\n"
    "wrong, `errors` lists every part where more than one is, and `request_id` (also in the `X-Request-Id` header) is\n"
    "what to quote when you ask for help. `type` links to the code's place in this list. A failed check of a document\n"
    "or a face is no error: it is an answer with status 200 and its reasons."
)


@dataclass(frozen=True)
class Entry:
    """One code: what it means and whether the same request may succeed later."""

    code: str
    status: int
    title: str
    meaning: str

    @property
    def is_passing(self) -> bool:
        """Whether the same request may soon succeed."""
        return self.code in SOON or (self.status in PASSING and self.code not in FOR_LONG)

    @property
    def repeat(self) -> str:
        """Say whether to send the same request again."""
        if self.code in FOR_LONG:
            return "Not before the quota begins anew."
        if self.is_passing:
            return "Yes, after a pause: as long as `Retry-After` says, where it is sent, and longer each time."
        return "No: change the request first."


def entries() -> list[Entry]:
    """List every code of the tree once, by status and then by name."""
    listed = {kind.code: _entry(kind) for kind in _kinds(CariError)}
    return sorted(listed.values(), key=lambda entry: (entry.status, entry.code))


def markdown() -> str:
    """Write the reference for docs/errors.md."""
    parts = ["# Errors", "", INTRODUCTION, ""]
    for entry in entries():
        status = HTTPStatus(entry.status)
        parts += [
            f"## {entry.code}",
            "",
            f"**{status.value} {status.phrase}** — {entry.title}.",
            "",
            entry.meaning,
            "",
            f"Send the same again? {entry.repeat}",
            "",
        ]
    return "\n".join(parts)


def html() -> str:
    """Write the reference as one page without scripts, each code an anchor."""
    sections = "".join(
        f'<section id="{entry.code}"><h2><code>{entry.code}</code> <small>{entry.status}</small></h2>'
        f"<p><strong>{escape(entry.title)}.</strong> {_inline(entry.meaning)}</p>"
        f"<p>Send the same again? {_inline(entry.repeat)}</p></section>"
        for entry in entries()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cari: errors</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
        ":root{color-scheme:light dark}"
        "section:target{outline:2px solid;outline-offset:.5rem}</style></head>"
        f"<body><h1>Errors</h1><p>{_inline(INTRODUCTION)}</p>{sections}</body></html>"
    )


def _kinds(kind: type[CariError]) -> list[type[CariError]]:
    return [kind, *(further for below in kind.__subclasses__() for further in _kinds(below))]


def _entry(kind: type[CariError]) -> Entry:
    meaning = inspect.getdoc(kind) or ""
    if kind is CariError:
        meaning = "Something failed that nobody foresaw. It is not the request's fault."
    return Entry(kind.code, kind.status, kind.title, " ".join(meaning.split("\n\n")[0].split()))


def _inline(text: str) -> str:
    """Turn Markdown's backticks, the only mark-up used here, into HTML."""
    plain, *rest = escape(text).split("`")
    return plain + "".join(f"<code>{part}" if index % 2 == 0 else f"</code>{part}" for index, part in enumerate(rest))
