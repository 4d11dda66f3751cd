"""The two engines' real handlers in this process, as a Lambda client that a verification asks."""

from __future__ import annotations

import base64
import io
import json
import threading
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unittest import mock

from cari_core import ids
from cari_core.deadline import Deadline
from cari_core.engine_api import MRZ_TIME_BUDGET_S
from cari_core.picture import StoredPicture
from cari_decision.options import Options, metadata_of
from cari_decision.policy import default_policy, sandbox_policies
from cari_decision.policy_context import NamedPolicy, PolicyContext
from cari_intake import intake
from cari_verification.aws.engines import Engines as AskedEngines
from cari_verification.contract import public
from cari_verification.fault_injection import with_fault
from cari_verification.ports import Ports
from cari_verification.request import Request
from cari_verification.stored import ended, under_way
from cari_verification.verification import verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cari_verification.contract import Verification

TENANT = "a" * 24
TIME_LEFT_S = 120.0  # of a busy test machine
TESSERACT_S = 120.0  # likewise: a second or two where nothing else runs
ONE_AT_A_TIME = {"faces": threading.Lock(), "mrz": threading.Lock(), "mrz_fallback": threading.Lock()}
NAMED = ("Image", "SourceImage", "TargetImage")
KNOWN: dict[str, dict[str, Any]] = {}  # answers by what was asked: an engine says the same of the same pictures


class Engines:
    """Functions by name, which find pictures by their side. One call at a time, as in a Lambda's process."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        self._pictures = pictures
        self.answers: dict[str, Any] = {}

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803  # boto3's names
        from functions.face_compare.app import handler as faces  # noqa: PLC0415  # models load when they are imported
        from functions.mrz.app import handler as mrz  # noqa: PLC0415

        request = {name: told for name, told in json.loads(Payload).items() if name != "TimeBudget"}
        for name in request.keys() & set(NAMED):
            picture = self._pictures[request[name]["Url"]]
            request[name] = {"Bytes": base64.b64encode(picture).decode()}
        told = {name: value for name, value in request.items() if name != "RequestId"}
        asked = sha256(json.dumps([FunctionName, told], sort_keys=True).encode()).hexdigest()
        with ONE_AT_A_TIME[FunctionName]:
            if asked not in KNOWN:
                handler = {"faces": faces, "mrz": mrz, "mrz_fallback": _patient_fallback}[FunctionName]
                KNOWN[asked] = handler(request, None)
            answer = self.answers[FunctionName] = KNOWN[asked]
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


def _patient_fallback(request: dict[str, Any], context: None) -> dict[str, Any]:
    """Let Tesseract end, however busy the machine is."""
    from cari_aws import mrz_request  # noqa: PLC0415
    from functions.mrz_fallback import app, printed_text  # noqa: PLC0415

    with (
        mock.patch.object(printed_text, "MAX_SECONDS", TESSERACT_S),
        mock.patch.object(mrz_request, "MRZ_TIME_BUDGET_S", TESSERACT_S),
    ):
        return app.handler(request, context)


def verified(
    type_: str, pictures: Mapping[str, bytes], form: Mapping[str, str] | None = None, mode: str = "dev"
) -> tuple[Verification, Engines]:
    """Verify pictures by side, as bytes of uploads; give the verification and the engines with their last answers."""
    taken_in = {side: intake(payload, field=side, filename=f"{side}.jpg") for side, payload in pictures.items()}
    asked = Engines({side: picture.payload for side, picture in taken_in.items()})
    engines = AskedEngines(asked, "faces", "mrz", "mrz_fallback", lambda picture: {"Url": picture.key})
    ports = Ports(
        store_picture=lambda _request, side, picture: StoredPicture(
            "bucket",
            side,
            picture.content_type,
            picture.width,
            picture.height,
            picture.filename,
            len(picture.payload),
            sha256(picture.payload).hexdigest(),
        ),
        compare_faces=engines.compare_faces,
        read_mrz=lambda picture, side, _budget_s, extra: engines.read_mrz(picture, side, MRZ_TIME_BUDGET_S, extra),
        save=lambda request, outcome, _record: public(ended(under_way(request), outcome)),
    )
    options = Options(policy=(form or {}).get("policy"), metadata=metadata_of((form or {}).get("metadata")))
    rules = sandbox_policies()[options.policy] if options.policy else default_policy()
    request = Request(
        id=ids.new_id(),
        tenant=TENANT,
        mode=mode,
        type=type_,
        options=options,
        policy_context=PolicyContext(policy=NamedPolicy(name=options.policy or "default", version=0, rules=rules)),
        pictures=taken_in,
    )
    return verify(request, with_fault(ports, options.metadata, mode), deadline=Deadline.after(TIME_LEFT_S)), asked
