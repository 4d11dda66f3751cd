"""CodeDeploy's protocol, JSON 1.1, so far as a hook tells by it what came out. On a laptop no deployment waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

TOLD = "CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus"


def before(others: WSGIApplication) -> WSGIApplication:
    """Take what a hook tells, and leave all other requests to `others`: moto knows nothing of CodeDeploy's hooks."""

    def application(environ: Any, start_response: Any) -> Any:
        if environ.get("HTTP_X_AMZ_TARGET") != TOLD:
            return others(environ, start_response)
        told = json.loads(Request(environ).get_data())
        answer = {"lifecycleEventHookExecutionId": told["lifecycleEventHookExecutionId"]}
        return Response(json.dumps(answer), content_type="application/x-amz-json-1.1")(environ, start_response)

    return application
