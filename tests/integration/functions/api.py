"""The HTTP functions behind one door: an event goes to the function that the template sends its path and method to."""

from types import ModuleType
from typing import Any

from functions.annotated import app as annotated
from functions.docs import app as docs
from functions.keys import app as keys
from functions.records import app as records
from functions.sandbox import app as sandbox
from functions.verify import app as verify

FUNCTIONS = (verify, records, keys, annotated, sandbox, docs)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer an event of API Gateway's."""
    return function_for(event["httpMethod"], event["path"]).handler(event, context)


def function_for(method: str, path: str) -> ModuleType:
    """Find the function of a route; where there is none, the one that reads."""
    asked = "GET" if method == "HEAD" else method
    plain = path.rstrip("/") or "/"
    return next((function for function in FUNCTIONS if function.app.has_route(asked, plain)), records)
