import botocore.session
import pytest
from botocore.stub import Stubber

from cari_face.liveness import Liveness, LivenessState, liveness_of_rekognition

SESSION = "de0a0bb5-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def rekognition():
    return botocore.session.Session().create_client(
        "rekognition", region_name="eu-west-1", aws_access_key_id="made", aws_secret_access_key="up"
    )


def answered(client, response):
    """Pass a response through botocore, which refuses what the service model does not know."""
    with Stubber(client) as stub:
        stub.add_response("get_face_liveness_session_results", {"SessionId": SESSION, **response})
        return client.get_face_liveness_session_results(SessionId=SESSION)


def statuses(client):
    shape = client.meta.service_model.operation_model("GetFaceLivenessSessionResults").output_shape
    return shape.members["Status"].enum


def test_rekognitions_percentage_becomes_a_share(rekognition):
    response = answered(rekognition, {"Status": "SUCCEEDED", "Confidence": 87.5})

    assert liveness_of_rekognition(response) == Liveness(LivenessState.DONE, 0.875)


def test_every_status_of_the_service_model_has_a_state(rekognition):
    states = {
        status: liveness_of_rekognition(answered(rekognition, {"Status": status, "Confidence": 50.0})).state.value
        for status in statuses(rekognition)
    }

    assert states == {
        "CREATED": "pending",
        "IN_PROGRESS": "pending",
        "SUCCEEDED": "done",
        "FAILED": "failed",
        "EXPIRED": "expired",
    }


def test_a_check_that_is_not_done_has_no_confidence(rekognition):
    response = answered(rekognition, {"Status": "IN_PROGRESS", "Confidence": 99.0})

    assert liveness_of_rekognition(response).confidence is None


@pytest.mark.parametrize("response", [{"Status": "SUCCEEDED"}, {"Status": "SOMETHING_NEW", "Confidence": 99.0}])
def test_what_cannot_be_understood_is_no_proof_of_life(response):
    assert liveness_of_rekognition(response) == Liveness(LivenessState.FAILED, None)
