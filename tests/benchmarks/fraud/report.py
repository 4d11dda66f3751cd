"""The report: what became of every class under the default policy and under a strict one, beside genuine cases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from cari_decision.decision import decide
from cari_decision.policy import Policy, default_policy, parse_policy
from cari_decision.reasons import REASONS
from tests.benchmarks.end_to_end.composites import TODAY
from tests.benchmarks.end_to_end.rates import wilson
from tests.benchmarks.fraud.classes import CLASSES
from tests.benchmarks.fraud.judging import GENUINE, live

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cari_decision.evidence import Evidence
    from tests.benchmarks.fraud.judging import Judged

STATUSES = ("approved", "review", "declined")
OWN = "The service's own pictures"
# Warnings are for a person, faces must be more alike, and what is printed is held against the MRZ.
STRICT = {
    "face": {"approve_fmr": 0.001},
    "reasons": {code: "review" for code, reason in REASONS.items() if reason.severity == "warn"},
}
CHECKS = (
    "portrait_copied",
    "document_in_selfie",
    "print_around_portrait",
    "portrait_placement",
    "presentation_signals",
    "printed_text_agrees",
)
INTRODUCTION = """# Fraud

Made by `make bench-fraud` from Labeled Faces in the Wild (folds 0–2, research use, not part of the project) and this
project's own documents; [docs/fraud.md](../fraud.md) says what each class is and what catches it. Documents carry
portraits of real people, printed and photographed by models of what documents and phones do. The engines are the
functions' own. Brackets are Wilson's 95 % intervals.

**Strict** asks for a false match rate of 0.001 instead of 0.0025, leaves every warning to a person, and requires
that what is printed agrees{print_}. Imitated frauds are no measured ones: who tries harder than these gets further.
"""


def markdown(judged: Sequence[Judged], machine: dict[str, str], *, reads_print: bool) -> str:
    """Write the report."""
    by_class: dict[str, list[Evidence]] = {}
    for one in judged:
        by_class.setdefault(one.name, []).append(one.evidence)
    print_ = "" if reads_print else " (which this run left out)"
    policies = {"default": default_policy(), "strict": strict(reads_print=reads_print)}
    parts = [INTRODUCTION.format(print_=print_)]
    parts += [_outcomes(by_class, name, policy) for name, policy in policies.items()]
    parts += [_without(by_class[GENUINE]), _alarms(by_class[GENUINE], policies["strict"]), _caught_by(by_class)]
    rows = "\n".join(f"| {key} | {value} |" for key, value in machine.items())
    return "\n\n".join([*parts, f"## With what\n\n|  |  |\n|---|---|\n{rows}"]) + "\n"


def strict(*, reads_print: bool) -> Policy:
    """Make the strict policy; without print where none was read."""
    required = ["face_match", "document_found", *(["printed_text_agrees"] if reads_print else [])]
    return parse_policy(STRICT | {"printed_text": reads_print, "required_checks": required})


def _outcomes(by_class: dict[str, list[Evidence]], name: str, policy: Policy) -> str:
    rows = [
        f"## Under the {name} policy",
        "",
        "| class | instances | approved | review | declined |",
        "|---|---|---|---|---|",
    ]
    rows.append(_row("**genuine cases**", by_class[GENUINE], policy))
    for group, classes in CLASSES.items():
        rows.append(f"| **{group}** | | | | |")
        rows += [_row(each, by_class[each], policy) for each in classes if each in by_class]
    rows.append(f"| **{OWN}** | | | | |")
    rows.append(_row("State UTO, with a live key", [live(one) for one in by_class[GENUINE]], policy))
    return "\n".join(rows)


def _row(name: str, cases: list[Evidence], policy: Policy) -> str:
    statuses = [decide(case, policy, TODAY).status for case in cases]
    told = [_share([status == wanted for status in statuses]) for wanted in STATUSES]
    return f"| {name} | {len(cases)} | {' | '.join(told)} |"


def _without(genuine: list[Evidence]) -> str:
    """Tell what the checks of fraud cost the honest: the same evidence, decided as before there were any."""
    policy = default_policy()
    reasons = [{reason.code for reason in decide(case, policy, TODAY).reasons} for case in genuine]
    before = [decide(_before(case), policy, TODAY).status == "approved" for case in genuine]
    after = [decide(case, policy, TODAY).status == "approved" for case in genuine]
    codes = Counter(code for each in reasons for code in each)
    rows = "\n".join(f"| `{code}` | {count} |" for code, count in codes.most_common())
    return (
        "## What it costs the honest\n\n"
        f"Of {len(genuine)} genuine cases the default policy approves {_share(after)}; without these checks it would "
        f"approve {_share(before)}.\n\n| reason among genuine cases | cases |\n|---|---|\n{rows}"
    )


def _before(evidence: Evidence) -> Evidence:
    return replace(evidence, same_files=None)


def _alarms(genuine: list[Evidence], policy: Policy) -> str:
    rows = [
        "## False alarms, check by check",
        "",
        "| check | asked | genuine cases that do not pass |",
        "|---|---|---|",
    ]
    for name in CHECKS:
        results = [
            check.result != "passed"
            for case in genuine
            for check in decide(case, policy, TODAY).checks
            if check.name == name and check.result != "not_performed"
        ]
        if results:
            rows.append(f"| `{name}` | {len(results)} | {_share(results)} |")
    return "\n".join(rows)


def _caught_by(by_class: dict[str, list[Evidence]]) -> str:
    rows = [
        "## What catches it, under the default policy",
        "",
        "| class | reasons that speak against it |",
        "|---|---|",
    ]
    for classes in CLASSES.values():
        for name in classes:
            cases = by_class.get(name, [])
            codes = Counter(
                reason.code
                for case in cases
                for reason in decide(case, default_policy(), TODAY).reasons
                if reason.severity != "warn"
            )
            told = ", ".join(f"`{code}` {count / len(cases):.0%}" for code, count in codes.most_common(4))
            rows.append(f"| {name} | {told or 'none'} |")
    return "\n".join(rows)


def _share(hits: list[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    return f"{sum(hits) / len(hits):.1%} ({low:.1%}–{high:.1%})"
