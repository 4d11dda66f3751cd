"""The figures as tables: Markdown for people, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests.benchmarks.face.honesty import MAX_FACTOR, REQUIRED_FMRS, STATED_FMRS
from tests.benchmarks.face.speed import DLIB, LIBRARIES_ALONE
from tests.benchmarks.face.verification import FMRS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.benchmarks.face.finding import Found
    from tests.benchmarks.face.honesty import Observed
    from tests.benchmarks.face.peer import PeerEmbeddings
    from tests.benchmarks.face.sizing import Sized
    from tests.benchmarks.face.speed import Took
    from tests.benchmarks.face.verification import Accuracy, Verified

INTRODUCTION = """\
# Faces, measured

Made by `CARI_EVAL_DATA=… make bench-face{arguments}`; the figures as JSON are in [face.json](face.json).

The pictures are folds 0–2 of view 2 of Labeled Faces in the Wild, grey, 250×250: press photographs of adults, most of
them white and male. They are what the package was developed on: its bounds, its crops and its calibration were chosen
with them, and the printed portraits below too, so on other people it may do worse. The face nearest to the middle is
the one that the label is about. **dlib** is dlib as published (HOG detector, five points, chip, embedding, one crop)
in an environment of its own, with the same pictures and the same measure.

## Verification

Of every two pictures: the share of genuine pairs that pass at the threshold that the given share of strangers passes.
"By person": any two people, and any one person, count the same however many pictures of them there are; otherwise a few
with many pictures decide. "No face": pictures on which none was found. Their pairs are left out here, and "genuine"
says how many were left of how many; who counts them as refused gets that share of what is accepted. **Photo–document**:
the first picture of each person as a document gives it back, against the others. That is a model of printing and
photographing, seeded and written down in [printing.py](../../tests/benchmarks/face/printing.py); no real documents.
Faces on them are 60–150 pixels wide, on **small documents** 28–70.
"""
ACCURACY = """
Accuracy on the listed pairs, the threshold of each fold being the best one on the other two; a face that is not found
is no match. What `compare` gives takes the face that the package chooses, which can be a bystander's.
"""
SIZE = """
## Size of the face

One picture of every third person, shrunk until its face is so wide, against the others as they are. Thresholds are
those of photo–photo at full size; a face that is not found does not pass.
"""
HONESTY = """
## Whether the stated false match rate is true

The share of strangers that pass where the package states the rate in the head of the column, by pair. "Held out": a
table made with `python -m tools.face_calibration`'s code on half of the people and observed on the other half, who are
strangers to it (1), and the other way round (2). "Shipped": what the package says. That table was made from these very
photographs and documents, so that only the small documents, by the same people, are new to it: the shipped rows show
that it is read as it was made, and the held-out ones whether it can be believed. It holds where the observed rate is
within a factor of {within:g} from {held_to}.
"""
FOUND = """
## Finding faces

On photographs, found is a face in the middle, leaning as the picture was turned. Pages are passports and cards as the
project renders them, with a portrait of 8–25 % of the page's width and a faded ghost image of it; in a scene they lie
on a table, fill 45–90 % of the picture, and are tilted by up to 12°. "Main": the face that the package takes for the
meant one is that of the portrait. "Elsewhere": faces found where there are none, a count over all pictures.
"""
SPEED = """
## Time

Two pictures of 1868×1382, one thread, one process at a time, in turns; opening the files is not counted. Cari reads
every field of every face; dlib only finds and embeds. Medians. Both pictures show one large face, which Cari finds at
its first look; where it finds none for sure it looks closer and in every turn, which takes many times as long.
"""
COLD = """
From the first import to the first answer, weights included, in a fresh process; the interpreter's own start is not
counted. Medians.
"""


@dataclass(frozen=True)
class Figures:
    """Everything that is reported."""

    machine: Mapping[str, str]
    arguments: str
    peer: PeerEmbeddings
    verified: Sequence[Verified]
    accuracies: Sequence[Accuracy]
    sized: Sequence[Sized]
    observed: Sequence[Observed]
    found: Sequence[Found]
    warm: Mapping[str, Took]
    cold: Mapping[str, Took]
    unzipped_mb: Mapping[str, Mapping[str, float]]


def markdown(figures: Figures, plots: Mapping[str, str]) -> str:
    """Write the report."""
    return "\n".join(
        (
            INTRODUCTION.format(arguments=figures.arguments),
            _table(_verified_header(), [_verified_row(each) for each in figures.verified]),
            f"\n![FNMR against FMR]({plots['det']})",
            ACCURACY,
            _table(("", "accuracy", "by fold"), [_accuracy_row(each) for each in figures.accuracies]),
            _converted(figures.peer),
            SIZE,
            _table(_sized_header(figures.sized), [_sized_row(each) for each in figures.sized]),
            f"\n![genuine pairs accepted by size]({plots['size']})",
            HONESTY.format(
                within=MAX_FACTOR, held_to=" to ".join(_power(fmr) for fmr in (REQUIRED_FMRS[0], REQUIRED_FMRS[-1]))
            ),
            _table(("", *map(_power, STATED_FMRS), "holds"), [_observed_row(each) for each in figures.observed]),
            f"\n![observed against stated rates]({plots['calibration']})",
            FOUND,
            _table(
                ("", "pictures", "found", "main", "ghosts", "elsewhere"), [_found_row(each) for each in figures.found]
            ),
            SPEED,
            _table(("", "wall ms", "CPU ms", "CPU, by dlib"), _took_rows(figures.warm, DLIB)),
            COLD,
            _table(("", "wall ms", "CPU ms", f"CPU, by {LIBRARIES_ALONE}"), _took_rows(figures.cold, LIBRARIES_ALONE)),
            *_sizes(figures.unzipped_mb),
            "\n## With what and where\n",
            _table(("", ""), list(figures.machine.items())),
            "",
        )
    )


def as_json(figures: Figures) -> dict[str, Any]:
    """Give the same figures."""
    return {
        "verification": [_verified_json(each) for each in figures.verified],
        "accuracy": [asdict(each) for each in figures.accuracies],
        "converted": {
            "chips": figures.peer.chips,
            "max_difference": figures.peer.max_difference,
            "max_difference_unhalved": figures.peer.max_difference_unhalved,
            "min_cosine": figures.peer.min_cosine,
        },
        "face_width_px": [
            {"width_px": each.width_px, "pairs": each.pairs, "accepted": _by_power(each.accepted)}
            for each in figures.sized
        ],
        "calibration": [
            {"name": each.name, "holds": each.holds, "observed": _by_power(each.rates)} for each in figures.observed
        ],
        "found": [asdict(each) for each in figures.found],
        "pair_ms": {name: asdict(each) for name, each in figures.warm.items()},
        "first_pair_ms": {name: asdict(each) for name, each in figures.cold.items()},
        "unzipped_mb": {name: dict(parts) for name, parts in figures.unzipped_mb.items()},
        "machine": dict(figures.machine),
    }


def _converted(peer: PeerEmbeddings) -> str:
    return (
        "\n## The converted network\n\n"
        f"On {peer.chips} chips that dlib cut, the converted network's embeddings differ from dlib's own by at most "
        f"{peer.max_difference:.1e} in any dimension; the lowest cosine between the two is {peer.min_cosine:.7f}. "
        "Its weights are kept in half precision; "
        f"in single precision the same network differs by at most {peer.max_difference_unhalved:.1e}."
    )


def _verified_header() -> tuple[str, ...]:
    rates = [f"{_power(fmr)}{kind}" for kind in ("", ", by person") for fmr in FMRS]
    return ("accepted at FMR", "pictures", "no face", "genuine", "impostor", *rates)


def _verified_row(each: Verified) -> tuple[str, ...]:
    accepted = each.accepted()
    genuine = f"{each.by_pair.genuine_pairs:,.0f} of {each.genuine_pairs:,}"
    pairs = (genuine, f"{each.by_pair.impostor_pairs:,.0f}")
    shares = [_percent(accepted[fmr][kind]) for kind in (0, 1) for fmr in FMRS]
    return (each.name, f"{each.pictures:,}", str(each.lost), *pairs, *shares)


def _verified_json(each: Verified) -> dict[str, Any]:
    accepted = each.accepted()
    return {
        "name": each.name,
        "pictures": each.pictures,
        "without_face": each.lost,
        "genuine_pairs": each.by_pair.genuine_pairs,
        "genuine_pairs_with_lost": each.genuine_pairs,
        "impostor_pairs": each.by_pair.impostor_pairs,
        "accepted": _by_power({fmr: by_pair for fmr, (by_pair, _) in accepted.items()}),
        "accepted_by_person": _by_power({fmr: by_person for fmr, (_, by_person) in accepted.items()}),
    }


def _accuracy_row(each: Accuracy) -> tuple[str, ...]:
    return each.name, f"{100 * each.mean:.2f} %", " / ".join(f"{100 * fold:.2f}" for fold in each.by_fold)


def _sized_header(sized: Sequence[Sized]) -> tuple[str, ...]:
    return ("face, pixels wide", "genuine pairs", *(_power(fmr) for fmr in sized[0].accepted))


def _sized_row(each: Sized) -> tuple[str, ...]:
    return (str(each.width_px), f"{each.pairs:,}", *(_percent(share) for share in each.accepted.values()))


def _observed_row(each: Observed) -> tuple[str, ...]:
    rates = (f"{by_pair:.2e}" for by_pair, _ in each.rates.values())
    return (each.name, *rates, "yes" if each.holds else "no")


def _found_row(each: Found) -> tuple[str, ...]:
    others = ("–" if count is None else str(count) for count in (each.ghosts, each.elsewhere))
    return (
        each.name,
        str(each.pictures),
        f"{each.found} ({_percent(each.found / each.pictures)})",
        f"{each.main} ({_percent(each.main / each.pictures)})",
        *others,
    )


def _took_rows(times: Mapping[str, Took], unit: str) -> list[tuple[str, ...]]:
    return [
        (name, f"{each.wall_ms:.0f}", f"{each.cpu_ms:.0f}", f"{each.cpu_ms / times[unit].cpu_ms:.2f}")
        for name, each in times.items()
    ]


def _sizes(unzipped_mb: Mapping[str, Mapping[str, float]]) -> list[str]:
    if not unzipped_mb:
        return []
    parts = list(next(iter(unzipped_mb.values())))
    rows = [
        (name, *(f"{sizes[part]:.1f}" for part in parts), f"{sum(sizes.values()):.1f}")
        for name, sizes in unzipped_mb.items()
    ]
    title = "\n## Room\n\nThe comparing function and its layers, unzipped, in MB; Lambda takes 262 (250 MiB).\n"
    return [title, _table(("", *parts, "together"), rows)]


def _power(fmr: float) -> str:
    return f"{fmr:.0e}".replace("e-0", "e-")


def _by_power(values: Mapping[float, Any]) -> dict[str, Any]:
    return {_power(fmr): value for fmr, value in values.items()}


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows))
