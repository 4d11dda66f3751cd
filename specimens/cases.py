"""The catalogue of the sandbox: what to send, and what comes of it. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cari_decision.reasons import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cari_decision.decision import Status
    from cari_decision.evidence import DocumentType


@dataclass(frozen=True)
class Case:
    """One request and its outcome. `code` names the reason that it shows, or that there is none.

    `form` holds further parts of the request; `after` is the case that is to be sent before, with this `form`.
    `hangs_on_pixels` says that a picture compressed anew and made smaller may come out otherwise.
    """

    code: str
    says: str
    selfie: str = "selfie.jpg"
    front: str = "passport.jpg"
    back: str | None = None
    type: DocumentType = "passport"
    reasons: tuple[str, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    after: str | None = None
    hangs_on_pixels: bool = False

    @property
    def status(self) -> Status:
        """What the gravest of the reasons leads to, where no policy says otherwise."""
        severities = {REASONS[code].severity for code in self.reasons}
        return "declined" if "decline" in severities else "review" if "review" in severities else "approved"

    @property
    def files(self) -> dict[str, str]:
        """The names of the pictures by side."""
        sides = {"selfie": self.selfie, "front": self.front, "back": self.back}
        return {side: name for side, name in sides.items() if name}


def _card(code: str, says: str, **changes: object) -> Case:
    """Show a reason with an identity card, both of its sides."""
    sides = {"type": "card", "front": "card-front.jpg", "back": "card-back.jpg", "reasons": (code,)}
    return Case(code, says, **{**sides, **changes})  # type: ignore[arg-type]  # the caller names Case's own


def _selfie(code: str, picture: str, says: str, *also: str) -> Case:
    return Case(code, says, selfie=picture, reasons=(code, *also))


def _front(code: str, picture: str, says: str, *also: str) -> Case:
    return Case(code, says, front=picture, reasons=(code, *also))


def _licence(code: str, back: str, says: str) -> Case:
    """Show a reason with the back of a driving licence; the one that shows none is approved."""
    is_approved = code.startswith("approved")
    return Case(
        code,
        says,
        type="driving_licence",
        front="licence-front.jpg",
        back=back,
        reasons=() if is_approved else (code,),
    )


def _fault(code: str, says: str) -> Case:
    return Case(code, says, reasons=(code,), form={"metadata": f'{{"cari_fault": "{code}"}}'})


CASES = (
    Case("approved", "A passport and its bearer: everything agrees."),
    _card("approved_card", "Both sides of an identity card and its bearer.", reasons=()),
    # Faces
    Case(
        "face_mismatch",
        "Somebody else took the selfie.",
        selfie="selfie-stranger.jpg",
        front="passport-of-somebody.jpg",
        reasons=("face_mismatch",),
    ),
    _selfie("face_uncertain", "selfie-lookalike.jpg", "Whoever took the selfie looks alike, but not quite the same."),
    _selfie("no_face_in_selfie", "selfie-nobody.jpg", "The selfie shows a wall."),
    _selfie("several_faces", "selfie-two-people.jpg", "The selfie shows two people."),
    _selfie("bystanders", "selfie-bystander.jpg", "Somebody stands in the background of the selfie."),
    _front("no_portrait", "passport-without-portrait.jpg", "The passport's photograph is missing."),
    # Pictures that are not what they were sent as
    Case(
        "same_picture",
        "The passport's picture was sent as the selfie too.",
        selfie="passport.jpg",
        reasons=("same_picture", "portrait_copied", "document_in_selfie"),
    ),
    _selfie(
        "portrait_copied", "selfie-of-portrait.jpg", "The selfie is the passport's portrait, cropped and enlarged."
    ),
    _selfie("document_in_selfie", "selfie-of-card.jpg", "The selfie is a picture of the bearer's identity card."),
    _card("nothing_printed", "The front is a photograph on a sheet of paper.", front="portrait-on-paper.jpg"),
    _card(
        "sides_identical",
        "The front was sent as the back too.",
        front="large-card-front.jpg",
        back="large-card-front.jpg",
    ),
    Case(
        "mrz_on_back",
        "The passport's page was sent as the back, a card as the front.",
        front="card-front.jpg",
        back="passport.jpg",
        reasons=("mrz_on_back", "back_not_expected"),
    ),
    # Machine-readable zone
    _front("mrz_not_found", "passport-without-mrz.jpg", "The passport has no machine-readable lines."),
    _card(
        "mrz_too_small",
        "The card's back was photographed from across the room.",
        back="card-back-far.jpg",
        hangs_on_pixels=True,
    ),
    _card("mrz_blurred", "The card's back is out of focus.", back="card-back-blurred.jpg"),
    _card("mrz_too_dark", "The card's back was photographed in the dark.", back="card-back-dark.jpg"),
    _card("mrz_glare", "A lamp shines back from the machine-readable lines.", back="card-back-glare.jpg"),
    _card("mrz_cropped", "The card's back runs out of the picture.", back="card-back-cropped.jpg"),
    _card("back_needed", "The card's front alone: the machine-readable lines are on its back.", back=None),
    _front("mrz_check_digits", "passport-wrong-check-digit.jpg", "A check digit is printed wrong."),
    _front("mrz_doubtful", "passport-smeared.jpg", "Letters of the name are smeared: no check digit covers them."),
    # The document
    Case(
        "document_expired",
        "The passport expired in 2019.",
        front="passport-expired.jpg",
        reasons=("document_expired",),
    ),
    _front(
        "expiry_unknown",
        "passport-without-expiry.jpg",
        "The machine-readable lines do not say until when the passport is valid.",
    ),
    _card("type_mismatch", "A passport was sent as a card.", front="passport.jpg", back=None),
    _card(
        "sides_disagree",
        "The front of one card, the back of another.",
        front="large-card-front.jpg",
        back="card-back-of-another.jpg",
    ),
    _selfie("selfie_unreadable", "selfie-damaged.jpg", "The selfie's file is damaged inside."),
    Case(
        "document_unreadable",
        "The passport's file is damaged inside.",
        front="passport-damaged.jpg",
        reasons=("document_unreadable",),
    ),
    # What a policy asks for
    Case(
        "expires_soon",
        "The passport is valid until 2049, and the policy asks for 100 years more.",
        form={"policy": "sandbox-expires-soon"},
        reasons=("expires_soon",),
    ),
    Case(
        "under_age",
        "The bearer was born in 1986, and the policy asks for 120 years of age.",
        form={"policy": "sandbox-minimum-age"},
        reasons=("under_age",),
    ),
    Case(
        "country_not_accepted",
        "The passport is of Utopia (UTO), and the policy accepts none but France's.",
        form={"policy": "sandbox-country"},
        reasons=("country_not_accepted",),
    ),
    Case(
        "type_not_accepted",
        "A passport, and the policy accepts none but cards.",
        form={"policy": "sandbox-type"},
        reasons=("type_not_accepted",),
    ),
    Case(
        "dates_impossible",
        "The bearer was born after the passport had expired.",
        front="passport-of-the-unborn.jpg",
        reasons=("document_expired", "dates_impossible"),
    ),
    Case(
        "age_unknown",
        "The birth date's check digit is wrong, and the policy has a minimum age.",
        front="passport-wrong-check-digit.jpg",
        form={"policy": "sandbox-minimum-age"},
        reasons=("age_unknown", "mrz_check_digits"),
    ),
    Case(
        "country_unknown",
        "The passport has no machine-readable lines, and the policy asks for the country.",
        front="passport-without-mrz.jpg",
        form={"policy": "sandbox-country-unread"},
        reasons=("country_unknown", "mrz_not_found"),
    ),
    Case(
        "check_not_performed",
        "The policy requires a barcode, which passports have not.",
        form={"policy": "sandbox-barcode"},
        reasons=("check_not_performed",),
    ),
    Case(
        "document_not_found",
        "The document's picture shows a wall.",
        front="selfie-nobody.jpg",
        reasons=("no_portrait", "document_not_found", "mrz_blurred"),
        hangs_on_pixels=True,
    ),
    _card("sides_swapped", "The back was sent as the front.", front="card-back.jpg", back="card-front.jpg"),
    Case(
        "back_not_expected",
        "A passport came with another document's back.",
        back="licence-back-without-barcode.jpg",
        reasons=("back_not_expected",),
    ),
    Case(
        "portrait_not_of_document",
        "A photograph lies on a passport whose own is missing.",
        front="passport-under-photograph.jpg",
        reasons=("portrait_not_of_document",),
        hangs_on_pixels=True,
    ),
    Case(
        "printed_text_differs",
        "The printed day of expiry was altered; the machine-readable lines still have the true one.",
        front="passport-altered.jpg",
        form={"policy": "sandbox-printed-text"},
        reasons=("printed_text_differs",),
    ),
    _card(
        "printed_text_not_found",
        "The front of one card, the back of another; only the machine-readable lines name a holder on the back.",
        back="card-back-of-another.jpg",
        form={"policy": "sandbox-printed-text"},
    ),
    Case(
        "duplicate_document",
        "The same passport, sent again.",
        form={"policy": "sandbox-duplicates"},
        after="approved",
        reasons=("duplicate_document",),
    ),
    _card(
        "duplicate_face",
        "Whoever sent a passport before comes with an identity card.",
        form={"policy": "sandbox-duplicate-face"},
        after="approved",
    ),
    # What no picture can cause: a `dev_` key may ask for it
    _fault("faces_not_compared", "The face engine fails."),
    _fault("mrz_not_read", "The document reader fails."),
    _fault("processing_timed_out", "Nobody concludes the verification in time."),
    # How the selfie was taken
    _selfie("selfie_face_cut", "selfie-cut.jpg", "The face runs out of the selfie."),
    _selfie("selfie_face_too_small", "selfie-far.jpg", "The camera was too far away."),
    _selfie("selfie_blurred", "selfie-blurred.jpg", "The camera moved."),
    _selfie("selfie_too_dark", "selfie-dark.jpg", "The selfie was taken in the dark."),
    _selfie("selfie_too_bright", "selfie-bright.jpg", "The selfie was taken against a lamp."),
    _selfie("selfie_low_contrast", "selfie-pale.jpg", "The lens was misted."),
    _selfie("selfie_not_frontal", "selfie-turned.jpg", "The face looks aside."),
    Case(
        "selfie_sunglasses",
        "The eyes are behind dark glasses.",
        selfie="selfie-sunglasses.jpg",
        reasons=("face_uncertain", "selfie_sunglasses"),
        hangs_on_pixels=True,
    ),
    _selfie("selfie_face_covered", "selfie-mask.jpg", "The mouth is behind a mask."),
    _selfie("presentation_suspected", "selfie-from-a-screen.jpg", "The selfie was photographed from a screen."),
    # How the portrait came out
    _card("portrait_cut", "The portrait runs out of the picture.", front="card-front-cut.jpg"),
    Case(
        "portrait_too_small",
        "The portrait is tiny.",
        front="passport-portrait-small.jpg",
        reasons=("face_uncertain", "portrait_not_of_document", "nothing_printed", "portrait_too_small"),
        hangs_on_pixels=True,
    ),
    _front("portrait_too_dark", "passport-portrait-dark.jpg", "The portrait is too dark."),
    _front("portrait_too_bright", "passport-portrait-bright.jpg", "The portrait is too bright."),
    Case(
        "portrait_low_contrast",
        "The portrait has faded.",
        front="passport-portrait-pale.jpg",
        reasons=("face_uncertain", "portrait_low_contrast"),
    ),
    _front("portrait_covered", "passport-portrait-covered.jpg", "A label sticks on the portrait's mouth."),
    Case(
        "portrait_sunglasses",
        "The portrait wears dark glasses.",
        front="passport-portrait-sunglasses.jpg",
        reasons=("face_uncertain", "portrait_sunglasses"),
    ),
    _front("portrait_not_frontal", "passport-portrait-turned.jpg", "The portrait looks aside."),
    # The barcode of a driving licence
    _licence("approved_licence", "licence-back.jpg", "A driving licence, its barcode and its bearer."),
    _licence("barcode_not_found", "licence-back-without-barcode.jpg", "The licence's back has no barcode."),
    _licence("barcode_damaged", "licence-back-damaged.jpg", "The barcode is rubbed out beyond what it mends."),
    _licence("barcode_not_aamva", "licence-back-no-licence.jpg", "The barcode holds a link, not a licence."),
    _licence("barcode_incomplete", "licence-back-incomplete.jpg", "The barcode does not say when the bearer was born."),
    _card(
        "barcode_disagrees",
        "The barcode is somebody else's than the machine-readable lines.",
        front="large-card-front.jpg",
        back="licence-back-of-another.jpg",
    ),
)
