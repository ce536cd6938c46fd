"""Commands as users run them, against a real store."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from metrics.cli import _app
from metrics.store.client import StoreClient
from tests.integration.store.front_process import StoreFront

Run = Callable[..., Result]


@pytest.fixture
def run(store: StoreClient, store_front: StoreFront, tmp_path: Path) -> Run:
    """Runs a command (a function or a typer.Typer) with words; the environment names the store."""
    import typer

    environment = {
        "FLOWGLASS_STORE_URL": store_front.url,
        "FLOWGLASS_BROKER_URL": "127.0.0.1:1",
        "FLOWGLASS_DATA_DIR": str(tmp_path),
    }

    def invoke(command: object, *words: str) -> Result:
        app = command if isinstance(command, typer.Typer) else _app("command", command)  # type: ignore[arg-type]
        return CliRunner().invoke(app, list(words), env=environment)

    return invoke
