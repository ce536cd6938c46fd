"""Serving by gunicorn: the app is built and warmed once, then the workers fork."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from dashboards.access.access import Access
from dashboards.application import create_app, warm
from dashboards.connection import StoreReader, StoreWriter
from metrics.access.saved_views import SavedViews
from metrics.settings import log_form, read_settings
from metrics.words import Event


class Dashboards(BaseApplication):  # type: ignore[misc]
    """A gunicorn application around one warmed WSGI app."""

    def __init__(self, wsgi: Any, options: dict[str, Any]):
        self._wsgi = wsgi
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI app."""
        return self._wsgi


class RootLogger(Logger):  # type: ignore[misc]
    """Gunicorn's lines in the form of all others, instead of its own."""

    def setup(self, cfg: Any) -> None:
        """As usual, without handlers of its own."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


def serve(
    host: str,
    port: int,
    store: str,
    database: str,
    workers: int,
    threads: int,
    access: Access | None = None,
    send: Callable[[Event], None] | None = None,
    views: SavedViews | None = None,
) -> None:
    """Serve until told to stop. The store need not be up: pages say so and recover alone. The rest: as create_app."""
    writer = StoreWriter(store, database, read_settings().cluster)
    app = create_app(StoreReader(store, database), access, send, views, writer=writer)
    warm(app)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 5,
        "keepalive": 15,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    if log_form() == "json":
        options["logger_class"] = RootLogger
    Dashboards(app.server, options).run()
