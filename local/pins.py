"""The releases whose private parts the local stack leans on. Others may work; none other was tried."""

from __future__ import annotations

from importlib.metadata import version

PINS = {
    "aws-sam-cli": "1.170.0",  # LocalApigwService and its _app, ApiCollector and the three providers of gateway.py
    # LambdaFunction.invoke, DomainDispatcherApplication, MotoRequestHandler, create_backend_app and its switch of CORS,
    # KMS, BaseModel.__new__, FakeKey and its tags
    "moto": "5.2.5",
    "awslambdaric": "4.2.2",  # the runtime's command line
}


def check() -> None:
    """Stop with a sentence where an installed release is not the one this was written for."""
    wrong = [f"{name} {version(name)} (wants {pinned})" for name, pinned in PINS.items() if version(name) != pinned]
    if wrong:
        raise SystemExit(
            f"local/ was written for other releases than are installed: {', '.join(wrong)}. "
            "Run `make clean run`, or move the pins in local/pins.py with the code they guard."
        )
