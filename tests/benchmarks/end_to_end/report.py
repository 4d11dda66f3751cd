"""The report: what the default policy makes of genuine and of impostor cases, and what others would."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cari_core.similarity import similarity
from cari_decision.decision import decide
from cari_decision.evidence import EngineFailure, Faces
from cari_decision.policy import FaceRules, Policy, default_policy
from tests.benchmarks.end_to_end.composites import TODAY
from tests.benchmarks.end_to_end.rates import share
from tools.curves import Axis, draw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cari_decision.decision import Decision
    from cari_decision.evidence import Evidence
    from tests.benchmarks.end_to_end.judging import Judged

STATUSES = ("approved", "review", "declined")
APPROVE_FMRS = (0.0003, 0.001, 0.002, 0.0025, 0.003, 0.005, 0.01)
DECLINE_FMRS = (0.1, 0.2, 0.3, 0.5, 0.7)
INTRODUCTION = """# Whole cases

Made by `make bench-end-to-end` from Labeled Faces in the Wild (folds 0–2, research use, not part of the project).
Specimen documents carry portraits of real people, printed and photographed by models of what documents and phones do;
selfies are the photographs of the set as they are. The engines are the functions' own, and the decision is the default
policy's unless a table says otherwise. Brackets are 95 % confidence: a bootstrap over documents, Wilson's interval
where nothing was counted.

Imitated prints are no measured documents, and press photographs no selfies: see what your own cases say
(`evaluate`, `shadow`).
"""


def markdown(judged: Sequence[Judged], machine: dict[str, str]) -> str:
    """Write the report."""
    parts = [INTRODUCTION, _outcomes(judged), _goals(judged), _policies(judged), _reasons(judged), _checks(judged)]
    parts.append("## With what\n\n|  |  |\n|---|---|\n" + "\n".join(f"| {k} | {v} |" for k, v in machine.items()))
    return "\n\n".join(parts) + "\n"


def curves(judged: Sequence[Judged]) -> str:
    """Draw how many cases are approved, by where the faces' threshold lies."""
    steps = [step / 40 for step in range(41)]
    genuine = [one.genuine for one in judged]
    impostors = [each for one in judged for each in one.impostors]
    return draw(
        "Cases whose faces are alike enough, by the threshold",
        Axis("similarity asked for, 0 to 1", {tick / 5: f"{tick / 5:g}" for tick in range(6)}),
        Axis("cases, percent", {percent / 100: str(percent) for percent in range(0, 101, 25)}),
        {
            "genuine": [(step, _above(genuine, step)) for step in steps],
            "impostors": [(step, _above(impostors, step)) for step in steps],
        },
    )


def _above(cases: Sequence[Evidence], threshold: float) -> float:
    return sum(_alike(each) >= threshold for each in cases) / len(cases)


def _alike(evidence: Evidence) -> float:
    return evidence.faces.similarity if isinstance(evidence.faces, Faces) else 0.0


def _outcomes(judged: Sequence[Judged]) -> str:
    rows = [
        "## What the default policy answers",
        "",
        "| | cases | approved | review | declined |",
        "|---|---|---|---|---|",
    ]
    for name, of_type in (("all", None), ("passports", "passport"), ("cards, both sides", "card")):
        chosen = [one for one in judged if of_type in (None, one.genuine.type)]
        for kind, groups in (
            ("genuine", [[one.genuine] for one in chosen]),
            ("impostor", [list(one.impostors) for one in chosen]),
        ):
            answers = [[_default(each).status for each in group] for group in groups]
            told = [str(share([[status == wanted for status in group] for group in answers])) for wanted in STATUSES]
            rows.append(f"| {name}, {kind} | {sum(map(len, groups))} | {' | '.join(told)} |")
    return "\n".join(rows)


def _goals(judged: Sequence[Judged]) -> str:
    approved = share([[_default(one.genuine).status == "approved"] for one in judged])
    fooled = share([[_default(each).status == "approved" for each in one.impostors] for one in judged])
    for_the_face = share([[_reason("face_mismatch")(_default(one.genuine))] for one in judged])
    rows = [
        ("impostors approved", "≤ 0.5 %", fooled, fooled.value <= 0.005),
        ("genuine approved", "≥ 75 %", approved, approved.value >= 0.75),
        ("genuine declined for the face", "never", for_the_face, for_the_face.value == 0),
    ]
    lines = [f"| {what} | {goal} | {got} | {'yes' if met else 'no'} |" for what, goal, got, met in rows]
    return "\n".join(["## Goals", "", "| | goal | measured | reached |", "|---|---|---|---|", *lines])


def _policies(judged: Sequence[Judged]) -> str:
    rows = [
        "## What other thresholds would answer",
        "",
        "| rule | similarity | genuine approved | genuine declined | impostors approved | impostors declined |",
        "|---|---|---|---|---|---|",
    ]
    faces = [("approve_fmr", fmr) for fmr in APPROVE_FMRS] + [("decline_fmr", fmr) for fmr in DECLINE_FMRS]
    for rule, fmr in faces:
        policy = Policy(face=FaceRules(**{rule: fmr}))
        genuine = [[decide(one.genuine, policy, TODAY).status] for one in judged]
        impostors = [[decide(each, policy, TODAY).status for each in one.impostors] for one in judged]
        told = [
            str(share([[status == wanted for status in group] for group in groups]))
            for groups in (genuine, impostors)
            for wanted in ("approved", "declined")
        ]
        rows.append(f"| `{rule}` {fmr:g} | {similarity(fmr):.2f} | {' | '.join(told)} |")
    return "\n".join(rows)


def _reasons(judged: Sequence[Judged]) -> str:
    counted = [
        Counter(reason.code for decision in decisions for reason in decision.reasons)
        for decisions in (
            [_default(one.genuine) for one in judged],
            [_default(each) for one in judged for each in one.impostors],
        )
    ]
    sizes = len(judged), sum(len(one.impostors) for one in judged)
    codes = sorted(counted[0] | counted[1], key=lambda code: -counted[0][code])
    rows = [f"| `{code}` | {counted[0][code] / sizes[0]:.1%} | {counted[1][code] / sizes[1]:.1%} |" for code in codes]
    return "\n".join(["## Reasons", "", "| reason | genuine | impostors |", "|---|---|---|", *rows])


def _checks(judged: Sequence[Judged]) -> str:
    """Tell how often checks that could accuse the innocent do."""
    genuine = [one.genuine for one in judged]
    rows = ["## False alarms among the genuine", "", "| check | asked | not passed |", "|---|---|---|"]
    for name in ("portrait_placement", "presentation_signals", "sides_agree", "dates_possible", "document_type"):
        results = [
            [c.result not in ("passed", "not_performed")]
            for each in genuine
            for c in _default(each).checks
            if c.name == name
        ]
        if results:
            rows.append(f"| `{name}` | {len(results)} | {share(results)} |")
    lost = sum(isinstance(each.faces, EngineFailure) for each in genuine)
    return "\n".join([*rows, "", f"No portrait was found on {lost} of {len(genuine)} documents."])


def _default(evidence: Evidence) -> Decision:
    return decide(evidence, default_policy(), TODAY)


def _reason(code: str) -> Callable[[Decision], bool]:
    return lambda decision: any(reason.code == code for reason in decision.reasons)
