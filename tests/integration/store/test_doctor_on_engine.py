"""The doctor's look at the real engine."""

import pytest

from metrics.commands.check_engine import check_engine
from metrics.store.client import StoreClient
from metrics.store.queries import Queries

pytestmark = pytest.mark.store


@pytest.mark.parametrize("cluster", ["", "main"])
def test_the_engine_has_all_settings_in_force_and_tells_its_disks(store: StoreClient, cluster: str) -> None:
    settings, *disks = check_engine(store, Queries(store), cluster)
    assert (settings.check, settings.state) == ("settings", "ok")
    assert disks
    assert all("GiB free" in disk.detail for disk in disks)
