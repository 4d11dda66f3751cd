"""multipart/form-data (RFC 7578), read once by a library that lets nothing ambiguous pass.

The resolver's own parser splits a body wherever the boundary's text stands, drops the parts that it cannot read, and
takes the first of two that have one name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from multipart import MultipartError, PushMultipartParser, parse_options_header

from cari_core.errors import BadRequest, ValidationFailed

if TYPE_CHECKING:
    from multipart import MultipartSegment

EXTENDED_FILENAME = re.compile(r"; *filename\*=[\w-]+'[\w-]*'([^;\s]*)", re.IGNORECASE)
MAX_PARTS = 32
MAX_HEADERS, MAX_HEADER_BYTES = 8, 4096  # of one part
MAX_BOUNDARY = 70  # characters (RFC 2046, 5.1.1)
MAX_NAME = 100  # characters
MAX_FILENAME = 255  # characters, as file systems have it


@dataclass(frozen=True)
class Part:
    """A part of a form; `filename` is None of one that is text."""

    name: str
    filename: str | None
    content_type: str | None
    content: bytes

    @property
    def text(self) -> str:
        """Read the content as text. Raises ValidationFailed."""
        try:
            return self.content.decode()
        except UnicodeDecodeError as error:
            raise ValidationFailed(f"The text of '{self.name}' is not UTF-8.", field=self.name) from error


def parse(content_type: str, body: bytes) -> list[Part]:
    """Read the parts of a form in their order.

    Raises BadRequest for a body that is no such form, ValidationFailed for two parts of one name, or a long filename.
    """
    parts: list[Part] = []
    boundary = _boundary(content_type)
    _check_ends(body, b"--" + boundary.encode())
    try:
        with PushMultipartParser(
            boundary,
            content_length=len(body),
            max_segment_count=MAX_PARTS,
            max_header_count=MAX_HEADERS,
            max_header_size=MAX_HEADER_BYTES,
        ) as parser:
            segment, chunks = None, list[bytes]()
            for event in parser.parse(body):
                if event is None and segment:
                    parts.append(_part(segment, b"".join(chunks)))
                elif isinstance(event, bytes | bytearray):
                    chunks.append(bytes(event))
                else:
                    segment, chunks = event, []
    except MultipartError as error:
        raise BadRequest(
            f"The body is not the form that it is said to be: {error.args[0]}. Let your HTTP library write it."
        ) from error
    _refuse_repeated(parts)
    return parts


def _boundary(content_type: str) -> str:
    _, options = parse_options_header(content_type)
    boundary = next((value for name, value in options.items() if name.lower() == "boundary"), "")
    if not boundary or len(boundary) > MAX_BOUNDARY or not (boundary.isascii() and boundary.isprintable()):
        raise BadRequest(
            "The Content-Type names no boundary. Let your HTTP library write that header.", field="Content-Type"
        )
    return boundary


def _check_ends(body: bytes, delimiter: bytes) -> None:
    """Name the two commonest faults. Raises BadRequest."""
    if delimiter not in body:
        raise BadRequest(
            "The body has not the boundary that the Content-Type names. Let your HTTP library write both.",
            field="Content-Type",
        )
    if delimiter + b"--" not in body:
        raise BadRequest("The body ends before its closing boundary: the upload was cut off. Send it again.")


def _part(segment: MultipartSegment, content: bytes) -> Part:
    name, filename = segment.name or "", _filename(segment)
    if not name or len(name) > MAX_NAME:
        raise BadRequest(f"Each part of the form needs a name of at most {MAX_NAME} characters.")
    if filename is not None and len(filename) > MAX_FILENAME:
        raise ValidationFailed(f"The filename of '{name}' has more than {MAX_FILENAME} characters.", field=name)
    return Part(name, filename, segment.content_type, content)


def _filename(segment: MultipartSegment) -> str | None:
    """Read the filename, also as RFC 8187 spells it, which some clients send though RFC 7578 forbids it."""
    if segment.filename is not None:
        return str(segment.filename)
    extended = EXTENDED_FILENAME.search(segment.header("Content-Disposition", ""))
    return unquote(extended[1]) if extended else None


def _refuse_repeated(parts: list[Part]) -> None:
    names = [part.name for part in parts]
    for name in names:
        if names.count(name) > 1:
            raise ValidationFailed(f"There are {names.count(name)} parts '{name}'. Send exactly one.", field=name)
