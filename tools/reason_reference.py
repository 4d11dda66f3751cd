"""Every reason that a verification can have, written out from `reasons.py` and its texts, as Markdown.

`make docs` writes it.
"""

from __future__ import annotations

from cari_decision.reasons import REASONS

LEADS_TO = {
    "decline": "declines",
    "review": "leaves it to a person",
    "warn": "warns, and changes nothing",
}
INTRODUCTION = """# Reasons

Why a verification is not simply approved. Codes never change their meaning; sentences may be reworded. What a reason
leads to is the policy's to say (`reasons` in it); here stands what it leads to unless one does. `retryable` says
whether other pictures may help. For each there is a specimen at `GET /sandbox/specimens`, but for `specimen_document`:
that is what specimens come to with a live key.

| code | unless the policy says otherwise | other pictures may help | to the end user | to the operator |
|---|---|---|---|---|
"""


def markdown() -> str:
    """Write the reference for docs/reasons.md."""
    rows = [
        f"| `{code}` | {LEADS_TO[reason.severity]} | {'yes' if reason.retryable else 'no'} "
        f"| {reason.message} | {reason.operator} |"
        for code, reason in REASONS.items()
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"
