"""The fixtures of the real store, for the suites that run against each implementation."""

from tests.integration.conftest import store, store_front

__all__ = ["store", "store_front"]
