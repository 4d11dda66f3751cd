"""Rekognition's CompareFaces or DetectFaces in, its answer out: from the bundled model, or from Rekognition itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cari_aws.engine_requests import as_engine
from cari_core.settings import FaceSettings, settings
from functions.face_compare.request import CompareFacesRequest, parse

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

# Chosen, and its model loaded, when this is imported: start-up has a whole processor.
if settings(FaceSettings).face_backend == "rekognition":
    from functions.face_compare.rekognition import compare_faces, detect_faces
else:
    from functions.face_compare.bundled import compare_faces, detect_faces


@as_engine
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Compare the largest face of SourceImage with every face of TargetImage, or describe every face of Image."""
    request = parse(event)
    return compare_faces(request).plain() if isinstance(request, CompareFacesRequest) else detect_faces(request)
