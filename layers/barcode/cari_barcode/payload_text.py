"""Decode a payload's bytes to text."""

from __future__ import annotations


def text_of(payload: bytes) -> str:
    """Read UTF-8 where it is that, otherwise Windows' superset of the standard's Latin-1. Never fails."""
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return "".join(_character(byte) for byte in payload)


def _character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:  # five bytes that Windows leaves free
        return chr(byte)
