from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cari_core.similarity import similarity
from cari_decision.decision import decide
from cari_decision.evidence import EngineFailure, Mrz
from cari_decision.policy import Policy, default_policy, parse_policy
from cari_decision.reasons import REASONS
from tests.unit.evidence_of_specimens import FACE, NOTHING_FOUND, evidence, faces, no_faces, reading

TODAY = date(2026, 6, 1)
POLICY = default_policy()
RANK = {"declined": 0, "review": 1, "approved": 2}


def decided(*, policy=POLICY, **changes):
    decision = decide(evidence(**changes), policy, TODAY)
    return decision.status, [reason.code for reason in decision.reasons]


def check(name, *, policy=POLICY, **changes):
    """The check of that name."""
    return next(one for one in decide(evidence(**changes), policy, TODAY).checks if one.name == name)


def rules(**changes):
    return parse_policy(changes)


def saying(faces_, **more):
    """Let the face engine say more."""
    return replace(faces_, response={**faces_.response, **more})


def test_matching_faces_on_a_valid_passport_are_approved():
    assert decided() == ("approved", [])


def test_another_face_is_declined():
    assert decided(faces=faces(0.05)) == ("declined", ["face_mismatch"])


def test_nobody_is_declined_by_a_portrait_that_may_be_none():
    other = faces(0.05)
    unsure = {"SourceImageFace": {**other.response["SourceImageFace"], "Confidence": 69.0}}

    assert decided(faces=saying(other, **unsure)) == ("review", ["face_uncertain"])


def test_faces_neither_same_nor_different_go_to_review():
    assert decided(faces=faces(0.5)) == ("review", ["face_uncertain"])


def test_a_selfie_without_a_face_goes_to_review():
    assert decided(faces=no_faces()) == ("review", ["no_face_in_selfie"])


def test_a_second_face_in_the_selfie_goes_to_review():
    assert decided(faces=faces(strangers=1)) == ("review", ["several_faces"])


@pytest.mark.parametrize(
    ("width", "answer"), [(0.36, ("review", ["several_faces"])), (0.35, ("approved", ["bystanders"]))]
)
def test_who_stands_half_as_large_behind_is_another_face_and_who_stands_smaller_a_bystander(width, answer):
    match = faces()
    other = {**FACE, "BoundingBox": {"Left": 0.0, "Top": 0.1, "Width": width, "Height": 0.6 * width / 0.5}}

    assert decided(faces=saying(match, UnmatchedFaces=[other])) == answer


def test_the_face_that_matches_may_not_be_the_bystanders():
    match = faces()
    nearer = {**FACE, "BoundingBox": {"Left": 0.0, "Top": 0.0, "Width": 0.9, "Height": 1.0}}

    assert decided(faces=saying(match, UnmatchedFaces=[nearer])) == ("review", ["several_faces"])


def test_a_document_without_a_portrait_goes_to_review():
    assert decided(faces=EngineFailure("no_portrait", "front")) == ("review", ["no_portrait"])


def test_a_face_engine_out_of_reach_leaves_the_document_checked():
    decision = decide(evidence(faces=EngineFailure("faces_not_compared")), POLICY, TODAY)

    results = {check.name: check.result for check in decision.checks}
    assert (decision.status, results["face_match"], results["mrz_check_digits"]) == (
        "review",
        "not_performed",
        "passed",
    )


def test_an_mrz_engine_out_of_reach_leaves_the_faces_compared():
    decision = decide(evidence(front=EngineFailure("mrz_not_read", "front")), POLICY, TODAY)

    results = {check.name: check.result for check in decision.checks}
    assert (decision.status, results["face_match"], results["mrz_found"]) == ("review", "passed", "not_performed")


def test_a_passport_without_an_mrz_goes_to_review():
    assert decided(front=Mrz(NOTHING_FOUND)) == ("review", ["mrz_not_found"])


@pytest.mark.parametrize("reason", ["too_small", "blurred", "too_dark", "glare", "cropped"])
def test_where_the_reader_knows_why_it_found_nothing_the_person_is_told(reason):
    assert decided(front=Mrz({**NOTHING_FOUND, "reason": reason})) == ("review", [f"mrz_{reason}"])


def test_a_reason_that_helps_nobody_is_not_found():
    assert decided(front=Mrz({**NOTHING_FOUND, "reason": "no_mrz"})) == ("review", ["mrz_not_found"])


def test_a_cards_front_needs_no_mrz_when_the_back_carries_it():
    sides = {"front": Mrz(NOTHING_FOUND), "back": reading(mrz_type="TD1", type="ID")}

    assert decided(type="card", **sides) == ("approved", [])


def test_a_card_without_its_back_is_asked_for_the_back():
    assert decided(type="card", front=Mrz(NOTHING_FOUND)) == ("review", ["back_needed"])


def test_a_card_with_an_mrz_on_neither_side_goes_to_review():
    assert decided(type="card", front=Mrz(NOTHING_FOUND), back=Mrz(NOTHING_FOUND)) == ("review", ["mrz_not_found"])


@pytest.mark.parametrize("code", ["D1", "FA", "A1", "ID"])
def test_a_driving_licence_may_have_any_code_that_licences_print(code):
    assert decided(type="driving_licence", front=reading(type=code)) == ("approved", [])


def test_an_mrz_whose_check_digits_disagree_goes_to_review():
    assert decided(front=reading(valid=False, valid_score=70)) == ("review", ["mrz_check_digits"])


def test_an_mrz_that_its_reader_doubts_goes_to_review_though_its_check_digits_agree():
    assert decided(front=reading(valid=False, valid_score=100)) == ("review", ["mrz_doubtful"])


def test_an_expired_document_is_declined_the_day_after():
    on_the_day, a_day_later = date(2032, 4, 15), date(2032, 4, 16)

    assert decide(evidence(), POLICY, on_the_day).status == "approved"
    assert [reason.code for reason in decide(evidence(), POLICY, a_day_later).reasons] == ["document_expired"]


@pytest.mark.parametrize("expiry", ["<<<<<<", None, "<<0415", "", "323213"])
def test_a_document_of_which_nobody_knows_until_when_it_is_valid_goes_to_review(expiry):
    assert decided(front=reading(expiration_date=expiry)) == ("review", ["expiry_unknown"])


@pytest.mark.parametrize(("verdict", "status"), [("warn", "approved"), ("ignore", "approved"), ("decline", "declined")])
def test_a_policy_may_take_documents_without_an_expiry_for_what_it_likes(verdict, status):
    policy = rules(reasons={"expiry_unknown": verdict})

    assert decided(front=reading(expiration_date=None), policy=policy)[0] == status


@pytest.mark.parametrize("expiry", ["2605<<", "260500", "25<<<<", "250000"])
def test_a_document_is_valid_until_the_last_day_that_its_expiry_can_be(expiry):
    front = reading(expiration_date=expiry)

    assert decided(front=front)[1] == ["document_expired"]
    assert decide(evidence(front=front), POLICY, date(2025, 12, 31)).status == "approved"


@pytest.mark.parametrize(("expiry", "status"), [("750101", "approved"), ("770101", "declined")])
def test_an_expiry_is_of_the_century_nearest_to_today(expiry, status):
    assert decided(front=reading(expiration_date=expiry))[0] == status


FRENCH_LICENCE = {
    "type": "D1",
    "country": "FRA",
    "mrz_type": "FRENCH_DRIVING_LICENCE",
    "date_of_birth": None,
    "valid_expiration_date": None,  # it has no check digit of its own: the composite covers it
    "valid_date_of_birth": None,
}
SWISS_LICENCE = {
    "type": "FA",
    "country": "CHE",
    "mrz_type": "SWISS_DRIVING_LICENCE",
    "expiration_date": None,
    "valid_expiration_date": None,
    "valid_date_of_birth": None,
}
FRENCH_CARD_OF_1988 = {"type": "ID", "country": "FRA", "mrz_type": "IDFRA", "expiration_date": None}


def test_a_french_licence_expires():
    licence = reading(**FRENCH_LICENCE, expiration_date="180101")

    assert decided(type="driving_licence", front=licence) == ("declined", ["document_expired"])


def test_a_french_licence_that_is_valid_is_approved():
    assert decided(type="driving_licence", front=reading(**FRENCH_LICENCE)) == ("approved", [])


def test_a_swiss_licence_says_how_old_its_holder_is():
    child = reading(**SWISS_LICENCE, date_of_birth="120101")

    assert "under_age" in decided(type="driving_licence", front=child, policy=rules(minimum_age=18))[1]


def test_a_swiss_birth_date_is_held_against_the_calendar():
    assert check("dates_possible", type="driving_licence", front=reading(**SWISS_LICENCE)).result == "passed"


@pytest.mark.parametrize("card", [SWISS_LICENCE, FRENCH_CARD_OF_1988])
def test_a_document_that_has_no_expiry_for_a_machine_goes_to_review(card):
    declared = "card" if card["type"] == "ID" else "driving_licence"

    assert decided(type=declared, front=reading(**card)) == ("review", ["expiry_unknown"])


def test_a_date_whose_check_digit_disagrees_is_not_gone_by():
    front = reading(valid_expiration_date=False, valid_date_of_birth=False)

    assert decided(front=front, policy=rules(minimum_age=18)) == ("review", ["expiry_unknown", "age_unknown"])


def test_an_expiry_that_was_misread_declines_nobody():
    misread = reading(valid=False, valid_score=60, expiration_date="010101")

    assert decided(front=misread) == ("review", ["mrz_check_digits"])


def test_a_card_declared_as_a_passport_goes_to_review():
    assert decided(front=reading(type="ID")) == ("review", ["type_mismatch"])


def test_two_sides_of_different_documents_go_to_review():
    sides = {"front": reading(type="ID"), "back": reading(type="ID", number="X00000000")}

    assert decided(type="card", **sides) == ("review", ["sides_disagree"])


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_greater_similarity_never_worsens_the_answer(one, other):
    low, high = sorted((one, other))

    worse, better = decided(faces=faces(low))[0], decided(faces=faces(high))[0]

    assert RANK[worse] <= RANK[better]


@given(st.integers(-4000, 4000), st.integers(0, 4000))
def test_a_later_expiry_never_worsens_the_answer(days, more):
    earlier, later = (
        decide(evidence(front=reading(expiration_date=f"{TODAY + timedelta(d):%y%m%d}")), POLICY, TODAY).status
        for d in (days, days + more)
    )

    assert RANK[earlier] <= RANK[later]


@pytest.mark.parametrize("fmr", [POLICY.face.approve_fmr, POLICY.face.decline_fmr])
def test_a_similarity_at_a_threshold_gets_the_better_answer(fmr):
    threshold = similarity(fmr)
    at, below = decided(faces=faces(threshold))[0], decided(faces=faces(threshold - 1e-6))[0]

    assert RANK[at] > RANK[below]


def test_a_threshold_says_the_error_rate_that_it_stands_for():
    match = check("face_match")

    assert (match.error_rate, match.evidence["rate"], match.threshold) == (0.0025, "FMR", similarity(0.0025))


def test_an_engine_that_states_no_error_rates_is_held_against_similarities():
    rekognition = replace(faces(0.98), states_fmr=False)

    match = check("face_match", faces=rekognition)

    assert (match.result, match.threshold, match.error_rate) == ("warning", 0.99, None)


@pytest.mark.parametrize(
    ("said", "code"),
    [("blurred", "selfie_blurred"), ("face_cut", "selfie_face_cut"), ("too_dark", "selfie_too_dark")],
)
def test_what_could_be_better_in_a_matching_selfie_is_a_warning(said, code):
    faces_ = saying(faces(), Reasons={"SourceImage": [], "TargetImage": [said]})

    assert decided(faces=faces_) == ("approved", [code])


def test_what_covers_a_face_goes_to_review():
    faces_ = saying(faces(), Reasons={"SourceImage": [], "TargetImage": ["face_covered"]})

    assert decided(faces=faces_) == ("review", ["selfie_face_covered"])


def test_every_code_of_the_face_engine_is_a_reason():
    from cari_face.reasons import (  # noqa: PLC0415  # the face layer is not this layer's, but its codes are
        REASONS_BY_ROLE,
        Role,
    )

    for role, picture in ((Role.SELFIE, "TargetImage"), (Role.DOCUMENT, "SourceImage")):
        for code in REASONS_BY_ROLE[role]:
            faces_ = saying(faces(), Reasons={"SourceImage": [], "TargetImage": [], picture: [code.value]})
            assert decided(faces=faces_)[0] in RANK


def test_a_hint_at_a_screen_warns_and_decides_nothing():
    faces_ = saying(faces(), PresentationSignals={"periodicity": 0.9})

    assert decided(faces=faces_) == ("approved", ["presentation_suspected"])


def test_an_expiry_near_is_a_warning():
    assert decided(front=reading(expiration_date="260610")) == ("approved", ["expires_soon"])


def test_a_birth_after_the_expiry_cannot_be():
    status, codes = decided(front=reading(date_of_birth="260530", expiration_date="260520"))

    assert (status, codes) == ("declined", ["document_expired", "dates_impossible"])


@pytest.mark.parametrize(
    ("born", "answer"),
    [("080601", ("approved", [])), ("080602", ("declined", ["under_age"])), ("<<<<<<", ("review", ["age_unknown"]))],
)
def test_the_birthday_itself_is_old_enough(born, answer):
    assert decided(front=reading(date_of_birth=born), policy=rules(minimum_age=18)) == answer


@pytest.mark.parametrize(
    ("born", "code"),
    [
        ("07<<<<", None),
        ("0806<<", "age_unknown"),
        ("08<<<<", "age_unknown"),
        ("09<<<<", "under_age"),
        ("<<0601", "age_unknown"),
        ("070000", None),
    ],
)
def test_of_a_birth_date_of_which_parts_are_unknown_both_ends_must_be_old_enough(born, code):
    codes = decided(front=reading(date_of_birth=born), policy=rules(minimum_age=18))[1]

    assert codes == ([code] if code else [])


def test_a_birth_of_which_only_the_year_is_known_is_held_against_the_calendar():
    front = reading(date_of_birth="25<<<<", expiration_date="241231")

    assert check("dates_possible", front=front).reason == "dates_impossible"


def test_an_age_that_was_misread_declines_nobody():
    misread = reading(valid=False, valid_score=60, date_of_birth="250101")

    status, codes = decided(front=misread, policy=rules(minimum_age=18))

    assert (status, set(codes)) == ("review", {"mrz_check_digits", "age_unknown"})


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ({"accepted_countries": ["UTO", "D"]}, ("approved", [])),
        ({"accepted_countries": ["D"]}, ("declined", ["country_not_accepted"])),
        ({"refused_countries": ["UTO"]}, ("declined", ["country_not_accepted"])),
        ({"refused_countries": ["D"]}, ("approved", [])),
        ({"refused_countries": ["DE", "UTO"]}, ("declined", ["country_not_accepted"])),
        ({"accepted_types": ["card", "passport"]}, ("approved", [])),
        ({"accepted_types": ["card"]}, ("declined", ["type_not_accepted"])),
    ],
)
def test_a_policy_says_which_documents_are_accepted(policy, answer):
    assert decided(front=reading(country="UTO"), policy=rules(**policy)) == answer


@pytest.mark.parametrize("code", ["D", "DE", "DEU"])
def test_germany_is_accepted_and_refused_by_any_of_its_codes(code):
    german = reading(country="D<<")

    assert decided(front=german, policy=rules(accepted_countries=[code])) == ("approved", [])
    assert decided(front=german, policy=rules(refused_countries=[code])) == ("declined", ["country_not_accepted"])


def test_a_country_that_nobody_read_is_not_accepted_unseen():
    assert decided(front=reading(country=None), policy=rules(accepted_countries=["D"])) == (
        "review",
        ["country_unknown"],
    )


def test_a_passports_second_picture_is_a_warning():
    assert decided(back=Mrz(NOTHING_FOUND)) == ("approved", ["back_not_expected"])


def test_a_cards_back_in_the_place_of_its_front_is_called_swapped():
    sides = {"front": reading(type="ID", mrz_type="TD1"), "back": Mrz(NOTHING_FOUND)}

    assert decided(type="card", faces=EngineFailure("no_portrait", "front"), **sides) == ("review", ["sides_swapped"])


BARCODE = {
    "found": True,
    "format": "PDF417",
    "standard": "AAMVA",
    "version": 10,
    "country": "USA",
    "jurisdiction": "CA",
    "number": "L898902C3",
    "surname": "ERIKSSON",
    "names": "ANNA MARIA",
    "date_of_birth": "1974-08-12",
    "expiration_date": "2032-04-15",
    "missing": [],
    "warnings": [],
    "reason": None,
}


def licence(**barcode):
    return {
        "type": "driving_licence",
        "front": Mrz(NOTHING_FOUND),
        "back": Mrz({**NOTHING_FOUND, "barcode": {**BARCODE, **barcode}}),
    }


def test_a_licence_without_an_mrz_works_through_its_barcode():
    assert decided(**licence()) == ("approved", [])


@pytest.mark.parametrize(
    ("barcode", "code"),
    [
        ({"found": False, "standard": None, "reason": "no_barcode"}, "barcode_not_found"),
        ({"standard": None, "reason": "barcode_damaged"}, "barcode_damaged"),
        ({"standard": None, "reason": "not_aamva"}, "barcode_not_aamva"),
        ({"missing": ["date_of_birth"]}, "barcode_incomplete"),
    ],
)
def test_a_barcode_that_tells_too_little_goes_to_review(barcode, code):
    assert decided(**licence(**barcode)) == ("review", [code])


def test_a_licence_without_its_back_is_asked_for_it():
    assert decided(type="driving_licence", front=Mrz(NOTHING_FOUND)) == ("review", ["back_needed"])


@pytest.mark.parametrize(
    ("barcode", "code"),
    [({"expiration_date": "2026-05-31"}, "document_expired"), ({"date_of_birth": "2010-01-01"}, "under_age")],
)
def test_a_barcodes_dates_count_as_an_mrzs_do(barcode, code):
    assert decided(**licence(**barcode), policy=rules(minimum_age=18)) == ("declined", [code])


@pytest.mark.parametrize(
    "other", [{"number": "X1"}, {"surname": "OTHER"}, {"names": "EVA"}, {"date_of_birth": "1974-08-13"}]
)
def test_a_barcode_that_says_otherwise_than_the_mrz_goes_to_review(other):
    front = reading(type="DL", surname="ERIKSSON", names="ANNA MARIA")

    assert decided(**licence() | {"front": front}) == ("approved", [])
    assert decided(**licence(**other) | {"front": front}) == ("review", ["barcode_disagrees"])


def test_a_name_that_an_mrz_cut_short_is_the_same():
    front = reading(type="DL", surname="ERIKSSON", names="ANNA MAR", raw_text=FULL, mrz_type="TD2")

    assert decided(**licence() | {"front": front}) == ("approved", [])


FULL = "I<UTOERIKSSON<BENNELONG<WA<<ANNA<MAR\n"
UNFILLED = "I<UTOERIKSSON<<ANNA<MAR<<<<<<<<<<<<<\n"


def test_a_name_whose_field_has_room_left_was_not_cut():
    front = reading(type="DL", surname="ERIKSSON", names="ANNA MAR", raw_text=UNFILLED, mrz_type="TD2")

    assert decided(**licence() | {"front": front}) == ("review", ["barcode_disagrees"])


def test_a_surname_is_not_cut_to_make_room_for_given_names():
    front = reading(
        type="DL", surname="LI", names="ANNA MARIA", raw_text="I<UTOLI<<ANNA<MARIA<BENNELONG<WOOLOO\n", mrz_type="TD2"
    )

    assert decided(**licence(surname="LIU") | {"front": front}) == ("review", ["barcode_disagrees"])


@pytest.mark.parametrize(
    "other", [{"surname": "LIU"}, {"names": "ANNA"}, {"number": "L89890"}, {"number": "L898902C34"}]
)
def test_what_only_begins_like_the_mrz_is_not_the_same(other):
    front = reading(type="DL", surname="LI", names="ANNA MARIA", mrz_type="TD1")

    assert decided(**licence(**{"surname": "LI", **other}) | {"front": front}) == ("review", ["barcode_disagrees"])


@pytest.mark.parametrize(("truncated", "status"), [(["surname"], "approved"), ([], "review"), (["names"], "review")])
def test_a_barcode_says_itself_that_a_name_was_cut(truncated, status):
    front = reading(type="DL", surname="ERIKSSON", names="ANNA MARIA")

    assert decided(**licence(surname="ERIKS", truncated=truncated) | {"front": front})[0] == status


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"mrz_type": "TD3"}, "approved"),
        ({"mrz_type": "TD1"}, "review"),
        ({"mrz_type": "TD1", "check_number": "<"}, "approved"),
    ],
)
def test_a_number_of_nine_characters_may_be_cut_where_its_field_has_no_room_for_more(more, status):
    front = reading(type="DL", surname="ERIKSSON", names="ANNA MARIA", **more)

    assert decided(**licence(number="L898902C345") | {"front": front})[0] == status


def test_accents_are_no_difference():
    for surname in ("MULLER", "MUELLER"):
        front = reading(type="DL", surname=surname, names="ZOE")

        assert decided(**licence(surname="Müller", names="Zoë") | {"front": front}) == ("approved", [])


@pytest.mark.parametrize(("verdict", "status"), [("decline", "declined"), ("review", "review"), ("warn", "approved")])
def test_the_policy_says_what_a_reason_leads_to(verdict, status):
    decision = decide(evidence(front=reading(type="ID")), rules(reasons={"type_mismatch": verdict}), TODAY)

    assert (decision.status, decision.reasons[0].severity) == (status, verdict)


def test_a_reason_that_the_policy_ignores_is_not_said():
    assert decided(front=reading(type="ID"), policy=rules(reasons={"type_mismatch": "ignore"})) == ("approved", [])


def test_a_check_that_the_policy_requires_and_nobody_performed_goes_to_review():
    assert decided(policy=rules(required_checks=["barcode_found"])) == ("review", ["check_not_performed"])


def test_the_gravest_reason_comes_first():
    status, codes = decided(faces=faces(0.01), front=reading(expiration_date="260610", type="ID"))

    assert (status, codes) == ("declined", ["face_mismatch", "type_mismatch", "expires_soon"])


def test_each_group_has_the_worst_of_its_checks():
    breakdown = decide(evidence(front=reading(type="ID")), POLICY, TODAY).breakdown

    assert (breakdown["faces"], breakdown["document"], breakdown["mrz"]) == ("passed", "failed", "passed")


def test_each_check_digit_is_a_check_of_its_own():
    front = reading(
        valid=False, valid_score=60, valid_number=False, check_number="4", valid_composite=True, check_composite="6"
    )

    checks = {one.name: one.result for one in decide(evidence(front=front), POLICY, TODAY).checks}

    assert (checks["mrz_check_number"], checks["mrz_check_composite"]) == ("failed", "passed")


def test_every_reason_of_a_check_is_one_that_is_documented():
    import re  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    folder = Path(__file__).parents[3] / "layers/core/cari_decision/checks"
    named = {code for file in folder.glob("*.py") for code in re.findall(r'reason="(\w+)"', file.read_text())}

    assert named
    assert named <= set(REASONS)


@given(st.sampled_from(sorted(REASONS)), st.sampled_from(["decline", "review", "warn", "ignore"]))
def test_a_milder_verdict_never_worsens_the_answer(code, verdict):
    order = ["decline", "review", "warn", "ignore"]
    found = evidence(front=reading(type="ID", expiration_date="260610"), faces=faces(0.4))

    harsh = decide(found, Policy(reasons={code: verdict}), TODAY).status
    for milder in order[order.index(verdict) :]:
        assert RANK[decide(found, Policy(reasons={code: milder}), TODAY).status] >= RANK[harsh]


@given(st.floats(1e-6, 0.4), st.floats(1e-6, 0.4), st.floats(0, 1))
def test_a_laxer_rate_never_worsens_the_answer(one, other, alike):
    strict, lax = sorted((one, other))

    answers = [decided(faces=faces(alike), policy=rules(face={"approve_fmr": fmr}))[0] for fmr in (strict, lax)]

    assert RANK[answers[0]] <= RANK[answers[1]]


MENDS = st.lists(
    st.sampled_from(
        [
            ("faces", faces()),
            ("front", reading()),
            ("back", None),
        ]
    ),
    unique_by=lambda mend: mend[0],
)
DAMAGE = st.fixed_dictionaries(
    {
        "faces": st.sampled_from(
            [faces(0.0), faces(0.3), no_faces(), EngineFailure("no_portrait", "front"), faces(strangers=2)]
        ),
        "front": st.sampled_from(
            [
                reading(valid=False, valid_score=50),
                Mrz(NOTHING_FOUND),
                reading(type="ID"),
                EngineFailure("mrz_not_read", "front"),
            ]
        ),
        "back": st.sampled_from([Mrz(NOTHING_FOUND), reading(number="X9"), EngineFailure("mrz_not_read", "back")]),
    }
)


@given(DAMAGE, MENDS)
def test_evidence_that_is_mended_never_worsens_the_answer(damaged, mends):
    worse, better = decided(**damaged)[0], decided(**{**damaged, **dict(mends)})[0]

    assert RANK[worse] <= RANK[better]
