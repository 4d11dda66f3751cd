"""The resolver of every HTTP function: a route declares who may call it, and one that does not cannot be made.

The scopes are asked for where the matched route is about to run, so no spelling of a path leads around them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import OpenAPIRequestValidationMiddleware
from aws_lambda_powertools.event_handler.openapi.params import File, UploadFile

from cari_api.auth import caller, scopes
from cari_core.errors import Forbidden, Unauthorized, ValidationFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from aws_lambda_powertools.event_handler import Response
    from aws_lambda_powertools.event_handler.api_gateway import Route
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

    from cari_api.auth.caller import Caller
    from cari_api.auth.scopes import Scope
    from cari_api.forms import Part
    from cari_core.stopwatch import Stopwatch

    Handler = Callable[..., Any]

SCOPES = "x-scopes"  # the OpenAPI extension that tells which scopes a route needs
MAX_NAME = 100  # characters of a name that a caller made up, as a problem repeats it
Body = dict[str, Any] | list["Part"]  # what was read of a request: a JSON object, or the parts of a form


@dataclass(frozen=True)
class BodyKind:
    """What a route reads: a form unless it has a `json_shape`; JSON goes to `json_route` where the path takes both."""

    json_shape: str | None = None
    json_route: str | None = None


FORM = BodyKind()


class Api(APIGatewayRestResolver):
    """A validating resolver. `scope` names what a key needs for a route, `scopes.PUBLIC` where no key is asked for.

    Its context has `body`, as `body.readable` read it, and `stopwatch` before a request is resolved.
    """

    def __init__(self) -> None:
        super().__init__(enable_validation=True)
        self._body_kinds: dict[tuple[str, str], BodyKind] = {}
        self._request_validation_middleware = _Validation()  # type: ignore[no-untyped-call]  # Powertools' own
        self.use([_only_admitted])

    def get(self, rule: str, *, scope: Scope | Sequence[Scope], **described: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # a route says more here than Powertools asks for
        """Declare a GET route, which answers HEAD too."""
        return self._declare("GET", rule, scope, described)

    def post(  # type: ignore[override]  # likewise
        self, rule: str, *, scope: Scope | Sequence[Scope], body: BodyKind = FORM, **described: Any
    ) -> Callable[[Handler], Handler]:
        """Declare a POST route, and what body it reads."""
        self._body_kinds["POST", rule] = body
        return self._declare("POST", rule, scope, described)

    def put(  # type: ignore[override]  # likewise
        self, rule: str, *, scope: Scope | Sequence[Scope], body: BodyKind = FORM, **described: Any
    ) -> Callable[[Handler], Handler]:
        """Declare a PUT route, and what body it reads."""
        self._body_kinds["PUT", rule] = body
        return self._declare("PUT", rule, scope, described)

    def delete(self, rule: str, *, scope: Scope | Sequence[Scope], **described: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # likewise
        """Declare a DELETE route."""
        return self._declare("DELETE", rule, scope, described)

    def route(self, rule: str, method: Any, *_: Any, **__: Any) -> Callable[[Handler], Handler]:  # type: ignore[override]  # nobody is to call it
        """Refuse a route that says nothing of who may call it."""
        raise TypeError(f"{method} {rule} declares no scope: use get, post, put or delete.")

    @property
    def caller(self) -> Caller:
        """Say whose request the route that runs was admitted for; a route that asks for no key has none."""
        admitted: Caller = self.context["caller"]
        return admitted

    @property
    def stopwatch(self) -> Stopwatch:
        """Give what measures the request under way."""
        running: Stopwatch = self.context["stopwatch"]
        return running

    def has_route(self, method: str, path: str) -> bool:
        """Say whether a route answers this method of a path."""
        return any(self._routes_of(method, path))

    def body_kind(self, method: str, path: str) -> BodyKind:
        """Say what body the route of a path reads."""
        return next((self._body_kinds[method, route.path] for route in self._routes_of(method, path)), FORM)

    def needs_key(self, method: str, path: str) -> bool:
        """Say whether a call is one that a key is asked for."""
        return any(_scopes_of(route) for route in self._routes_of(method, path))

    def _routes_of(self, method: str, path: str) -> Iterator[Route]:
        for route in self._static_routes + self._dynamic_routes:
            if route.method == method and route.rule.fullmatch(path):
                yield route

    def _declare(
        self, method: str, rule: str, scope: Scope | Sequence[Scope], described: dict[str, Any]
    ) -> Callable[[Handler], Handler]:
        needed = [scope] if isinstance(scope, str) else list(scope)
        return super().route(rule, method, openapi_extensions={SCOPES: needed}, **described)

    def _call_route(self, route: Route, route_arguments: dict[str, str]) -> Any:
        """Admit the caller to the very route that matched, then run it.

        Raises Unauthorized, InsufficientScope, Forbidden, and ValidationFailed for what the route does not take.
        """
        event = self.current_event.raw_event
        if needed := _scopes_of(route):
            calling = caller.of(event)
            if calling is None:
                raise Unauthorized("This needs an API key.", field="Authorization")
            for scope in needed:
                scopes.require(scope, calling.scopes)
            self.append_context(caller=calling)  # type: ignore[no-untyped-call]  # Powertools' own
            _check_query(route, event)
        if isinstance(parts := self.context.get("body"), list):
            _check_parts(route, parts)
        self.append_context(admitted=route)  # type: ignore[no-untyped-call]  # Powertools' own
        return super()._call_route(route, route_arguments)


class _Validation(OpenAPIRequestValidationMiddleware):
    """Validates a body that was read already."""

    def _get_body(self, app: Any) -> dict[str, Any]:
        body: Body = app.context["body"]
        if isinstance(body, dict):
            return body
        return {
            part.name: part.text
            if part.filename is None
            else UploadFile(content=part.content, filename=part.filename, content_type=part.content_type)
            for part in body
        }


def _only_admitted(app: Api, next_middleware: NextMiddleware) -> Response[Any]:
    """Run nothing that `_call_route` did not admit, should Powertools ever know another way to a route."""
    if app.context.get("admitted") is not app.context["_route"]:
        raise Forbidden("This route cannot be called.")
    return next_middleware(app)


def _scopes_of(route: Route) -> tuple[Scope, ...]:
    declared = (route.openapi_extensions or {}).get(SCOPES)
    if declared is None:
        raise Forbidden("This route declares nobody who may call it.")
    return tuple(declared)


def _check_query(route: Route, event: dict[str, Any]) -> None:
    """Refuse parameters that the route does not know, which are likelier misspelt than meant, and repeated ones."""
    given: dict[str, list[str]] = event.get("multiValueQueryStringParameters") or {}
    known = {param.alias for param in route.dependant.query_params}
    for name, values in given.items():
        if name not in known:
            raise _unknown("query parameter", name, known)
        if len(values) > 1:
            raise ValidationFailed(f"'{name}' is given {len(values)} times. Give it once.", field=name)


def _check_parts(route: Route, parts: Sequence[Part]) -> None:
    """Refuse parts that the route does not know, text that comes as a file, and a file that comes as text."""
    known = {param.alias: param.field_info for param in route.dependant.body_params}
    for part in parts:
        if part.name not in known:
            raise _unknown("part", part.name, known)
        is_file = isinstance(known[part.name], File)
        if is_file and part.filename is None:
            raise ValidationFailed(
                f"Send '{part.name}' as a file, with a filename in its Content-Disposition.", field=part.name
            )
        if not is_file and part.filename is not None:
            raise ValidationFailed(f"'{part.name}' is text. Send it without a filename.", field=part.name)


def _unknown(what: str, name: str, known: Collection[str]) -> ValidationFailed:
    there = ", ".join(f"'{each}'" for each in sorted(known))
    return ValidationFailed(
        f"There is no {what} '{name[:MAX_NAME]}' here{f', but {there}' if there else ''}.", field=name[:MAX_NAME]
    )
