"""The same face again, among a tenant's own verifications."""

import json
import math

import pytest
from botocore.exceptions import ClientError

from cari_common import duplicate_faces, tenants
from cari_common.engines import StoredPicture
from cari_common.picture import Picture
from cari_common.verification import Case
from functions.verify import app
from tests.unit.common.specimens import faces, reading
from tests.unit.common.templates import SIZE, face, template
from tests.unit.functions.requests import CONTEXT, TENANT, get, multipart, post, whole_form

pytestmark = pytest.mark.usefixtures("aws", "signing_key")

SOMEBODY, SOMEBODY_ELSE = face(1), face(2)
ASKED = {"policy": "sandbox-duplicate-faces"}


@pytest.fixture(autouse=True)
def good_answers(answers):
    answers.update(faces=faces(), mrz=reading(country="UTO"), template=template(SOMEBODY))
    return answers


def sent(request):
    answer = app.handler(request, CONTEXT)
    return json.loads(answer["body"])


def verified(**form):
    return sent(post(multipart(whole_form(**{**ASKED, **form}))))


def check(verification):
    return next(check for check in verification["checks"] if check["name"] == "duplicate_face")


def case(identifier="e" * 24, tenant=TENANT, mode="dev"):
    return Case(identifier, tenant, mode, "passport", stored_picture(), stored_picture())


def stored_picture():
    return StoredPicture("bucket", "key", Picture(b"", "image/jpeg", 1, 1))


def face_at(cosine):
    """Somebody so much like SOMEBODY."""
    along = sum(a * b for a, b in zip(SOMEBODY, SOMEBODY_ELSE, strict=True))
    aside = [b - along * a for a, b in zip(SOMEBODY, SOMEBODY_ELSE, strict=True)]
    length = math.hypot(*aside)
    return tuple(cosine * a + math.sqrt(1 - cosine**2) * b / length for a, b in zip(SOMEBODY, aside, strict=True))


def noted():
    return [item for item in tenants.table().scan()["Items"] if str(item["id"]).startswith("face#")]


def test_a_face_seen_before_goes_to_review_where_the_policy_asks():
    first, second = verified(), verified()

    assert (first["status"], check(first)["result"]) == ("approved", "passed")
    assert (second["status"], [reason["code"] for reason in second["reasons"]]) == ("review", ["duplicate_face"])
    assert check(second)["evidence"] == {"rate": "FPIR", "compared": 1, "verifications": [first["id"]]}


def test_another_face_is_no_duplicate(good_answers):
    verified()
    good_answers["template"] = template(SOMEBODY_ELSE)

    assert check(verified())["result"] == "passed"


def test_nobody_looks_for_faces_unasked():
    verified(policy="default")

    assert noted() == []


def test_another_try_under_the_same_reference_is_no_duplicate():
    assert [check(verified(reference=reference))["result"] for reference in ("a", "a", "b")] == [
        "passed",
        "passed",
        "failed",
    ]


def test_faces_of_different_models_are_never_compared(good_answers):
    verified()
    good_answers["template"] = template(SOMEBODY, "another model")

    assert check(verified())["evidence"]["compared"] == 0


@pytest.mark.parametrize("changes", [{"tenant": "another"}, {"mode": "live"}])
def test_another_tenant_or_mode_finds_nobody_and_its_notes_do_not_fit(changes):
    first = duplicate_faces.search(case(), template(SOMEBODY))
    other = duplicate_faces.search(case(**changes), template(SOMEBODY))

    one, another = (bytes(note["template"]) for note in noted())
    assert (first.compared, other.compared) == (0, 0)
    assert one != another


def test_who_is_not_to_be_kept_is_compared_and_not_noted():
    first = verified()
    second = verified(retention_days="0")

    assert check(second)["evidence"]["verifications"] == [first["id"]]
    assert [note["id"] for note in noted()] == [f"face#{first['id']}"]


def test_erasing_a_verification_erases_its_face():
    first = verified()
    assert len(noted()) == 1

    app.handler({**get(f"/identity/verify/{first['id']}"), "httpMethod": "DELETE"}, CONTEXT)

    assert noted() == []


def test_the_more_are_compared_the_more_alike_a_match_must_be():
    alike = face_at(0.94)  # which one stranger in 4,000 reaches
    duplicate_faces.search(case("a" * 24), template(alike))
    among_one = duplicate_faces.search(case("b" * 24), template(SOMEBODY)).alike
    for number in range(500):
        duplicate_faces.search(case(f"{number:024x}"), template(face(number)))
    among_many = duplicate_faces.search(case("c" * 24), template(SOMEBODY)).alike

    assert ["a" * 24 in [found for found, _ in alike] for alike in (among_one, among_many)] == [True, False]


def test_an_engine_that_gives_no_templates_leaves_the_check_unperformed(good_answers):
    good_answers["template"] = None

    verification = verified()

    assert (verification["status"], check(verification)["result"]) == ("approved", "not_performed")


def test_a_table_out_of_reach_loses_no_verification(monkeypatch):
    def throttled(*_):
        raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "Query")

    monkeypatch.setattr(duplicate_faces, "search", throttled)

    verification = verified()

    assert (verification["status"], check(verification)["result"]) == ("approved", "not_performed")


def test_no_answer_and_no_evidence_holds_the_face(logged):
    verified()
    verification = verified()
    bundle = app.handler(get(f"/identity/verify/{verification['id']}/evidence"), CONTEXT)["body"]

    numbers = [f"{value:.4f}"[:6] for value in SOMEBODY if abs(value) > 0.1]
    assert len(numbers) > SIZE / 8
    for told in (json.dumps(verification), bundle, logged.getvalue()):
        assert not [number for number in numbers if number in told]
