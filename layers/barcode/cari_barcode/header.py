"""The header of a barcode's file: who issued it, by which version, which subfiles follow."""

from __future__ import annotations

import re

from cari_barcode.elements import VERSION_2003
from cari_barcode.licence import Finding, Header, NotAamva

_START = re.compile(
    r"(?P<indicator>@[\x00-\x20]*)?(?P<file_type>ANSI|AAMVA)[\x00-\x20]*(?P<iin>[0-9]{6})(?P<version>[0-9]{2})"
)
_COUNTS = re.compile(r"[\x00-\x20]*(?P<digits>[0-9]*)")
_DESIGNATOR = re.compile(r"[\x00-\x20]*(?P<type>[A-Z]{2})[\x00-\x20]*(?P<offset>[0-9]{4})(?P<length>[0-9]{4})")


def read_header(text: str) -> tuple[Header, str, list[Finding]]:
    """Split a file's text into its header and its body. Raises NotAamva where there is no header.

    The subfiles' offsets and lengths only tell what is wrong: too many issuers get them wrong to read by them.
    """
    start = _START.search(text)
    if start is None:
        raise NotAamva("no AAMVA header")
    findings = []
    if start["indicator"] is None:
        findings.append(Finding("no_compliance_indicator"))
    if start.start() > 0:
        findings.append(Finding("leading_text"))
    counts = _COUNTS.match(text, start.end())
    digits, position = (counts["digits"], counts.end()) if counts else ("", start.end())
    version = int(start["version"])
    jurisdiction_version, entries = _counts(digits)
    designators = []
    while designator := _DESIGNATOR.match(text, position):
        designators.append(designator)
        position = designator.end()
    types = tuple(designator["type"] for designator in designators)
    if entries != len(types) or (jurisdiction_version is None) == (version >= VERSION_2003):
        findings.append(Finding("header_wrong"))
    elif not all(_offset_is_right(text[start.start() :], designator) for designator in designators):
        findings.append(Finding("offsets_wrong"))
    header = Header(
        has_compliance_indicator=start["indicator"] is not None,
        file_type=start["file_type"],
        iin=start["iin"],
        version=version,
        jurisdiction_version=jurisdiction_version,
        entries=entries,
        designated=types,
    )
    return header, text[position:], findings


def _counts(digits: str) -> tuple[int | None, int | None]:
    """Read the jurisdiction's version, where there is one, and the number of entries."""
    if len(digits) == len("VVEE"):
        return int(digits[:2]), int(digits[2:])
    return None, int(digits) if len(digits) == len("EE") else None


def _offset_is_right(text: str, designator: re.Match[str]) -> bool:
    offset, length = int(designator["offset"]), int(designator["length"])
    # Versions differ in whether the length counts the type, and jurisdictions in whether it counts the end.
    return text.startswith(designator["type"], offset) and offset + length <= len(text) + 2
