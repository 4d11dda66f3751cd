"""The text below the picture: the decision, what was found, the side's checks, the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from functions.annotated import lettering
from functions.annotated.palette import INK, PAPER, Mark, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cari_decision.evidence import Side
    from cari_imaging import Image
    from cari_verification.contract import Verification
    from cari_verification.reports import CheckReport, ReasonReport

LINE_HEIGHT = 1.5  # times the text's height


@dataclass(frozen=True)
class Row:
    """One line and its sign; `is_short` lets it share a line with others."""

    text: str
    mark: Mark
    is_short: bool = False


def title(verification: Verification, side: Side) -> Row:
    """Say what the picture is and what was decided."""
    text = f"{side.upper()}  {verification.type}  {verification.id}  {verification.status}"
    return Row(text, mark_of(verification.status))


def verdict(verification: Verification, side: Side) -> Iterator[Row]:
    """Give this side's checks, and why the verification is not simply approved."""
    side_checks = [check for check in verification.checks if side == (check.side or "front")]
    for check in side_checks:
        yield Row(_check_text(check), mark_of(check.result), is_short=True)
    for reason in _reasons(verification, side_checks):
        yield Row(f"{reason.code}: {reason.operator or reason.message}", mark_of(reason.severity))


def panel(rows: Sequence[Row], width_px: int, pad_px: int, text_px: int) -> Image:
    """Write rows below each other, short ones in columns."""
    written = [line for each in _grouped(rows) for line in _laid_out(each, width_px - 2 * pad_px, text_px)]
    height = round(LINE_HEIGHT * text_px)
    sheet = np.full((height * len(written) + pad_px, width_px, 3), PAPER, np.uint8)
    for number, line in enumerate(written):
        top = pad_px // 2 + number * height
        for left, text, mark in line:
            if mark:
                lettering.draw_sign(sheet, (pad_px + left, top + (height - text_px) // 2), text_px, mark)
            at = pad_px + left + round(1.5 * text_px), top + height / 2 + text_px * lettering.CAPITAL_HEIGHT / 2
            lettering.write(sheet, at, text, text_px, INK)
    return sheet


Line = list[tuple[int, str, Mark | None]]  # where from, what, and the sign before it


def _grouped(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Keep neighbouring short rows together, and each long one alone."""
    group: list[Row] = []
    for row in rows:
        if group and not (row.is_short and group[-1].is_short):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _laid_out(rows: list[Row], room_px: int, text_px: int) -> Iterator[Line]:
    if len(rows) == 1:
        lines = lettering.wrapped(rows[0].text, text_px, room_px - 1.5 * text_px)
        for number, text in enumerate(lines):
            yield [(0, text, None if number else rows[0].mark)]
        return
    wide = max(lettering.width_of(row.text, text_px) for row in rows) + 2 * text_px
    columns = max(1, min(len(rows), room_px // wide))
    height = -(-len(rows) // columns)
    for line in range(height):
        yield [(i * (room_px // columns), row.text, row.mark) for i, row in enumerate(rows[line::height])]


def _check_text(check: CheckReport) -> str:
    score = "" if check.score is None else f" {_number(check.score)}"
    bound = "" if check.threshold is None else f", bound {_number(check.threshold)}"
    return f"{check.name}: {check.result.replace('_', ' ')}{score}{bound}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _reasons(verification: Verification, side_checks: Sequence[CheckReport]) -> Iterator[ReasonReport]:
    """Choose the reasons that the checks of this side gave, and those that no check did."""
    of_this_side, of_any_check = _codes(side_checks), _codes(verification.checks)
    for reason in verification.reasons:
        if reason.code in of_this_side or reason.code not in of_any_check:
            yield reason


def _codes(checks: Sequence[CheckReport]) -> set[str]:
    found = {code for check in checks for code in check.evidence.get("found", ()) if isinstance(code, str)}
    return found | {check.reason for check in checks if check.reason}
