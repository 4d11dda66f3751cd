"""Answers that are asked for again: an ETag on each, and 304 for whoever has the same already (RFC 9110, 13)."""

from __future__ import annotations

import hashlib
from typing import Any

READING = frozenset({"GET", "HEAD"})
OK, NOT_MODIFIED = 200, 304
TAG_DIGITS = 32  # of SHA-256, in hex
HEADERS_OF_304 = ("Cache-Control", "Vary", "Content-Location", "Expires")  # headers that a 304 repeats


def answered(event: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Put an ETag on what a GET or HEAD answers, and leave the body out where the caller has it already.

    The tag is weak: the gateway may compress the body.
    """
    if event["httpMethod"] not in READING or answer["statusCode"] != OK:
        return answer
    tag = f'W/"{hashlib.sha256(str(answer["body"]).encode()).hexdigest()[:TAG_DIGITS]}"'
    headers = {**answer.get("multiValueHeaders", {}), "ETag": [tag]}
    if not _has(tag, event):
        return {**answer, "multiValueHeaders": headers}
    kept = {name: value for name, value in headers.items() if name in (*HEADERS_OF_304, "ETag")}
    return {"statusCode": NOT_MODIFIED, "multiValueHeaders": kept, "body": "", "isBase64Encoded": False}


def _has(tag: str, event: dict[str, Any]) -> bool:
    """Compare weakly with `If-None-Match`, which may list tags, or say `*`."""
    headers = event.get("headers") or {}
    said = next((str(value) for name, value in headers.items() if name.lower() == "if-none-match"), "")
    known = {each.strip().removeprefix("W/") for each in said.split(",")}
    return "*" in known or tag.removeprefix("W/") in known
