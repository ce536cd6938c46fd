"""Guards in process files: what may be wrong with them, and what they are compiled to."""

from pathlib import Path

import pytest

from metrics.definitions.load import load
from tests.unit.metrics.definitions.written import SMALL, mistakes, small, write

GUARDS = """\
guards:
  - name: ready
    title: Not ready
    owner: procurement
    severity: critical
    when: ordered
    where: {kind: stock}
    status:
      of: supplier
      must:
        active: {from: supplier.activated.v1, until: supplier.blocked.v1}
  - name: repaired
    title: Half synchronised
    owner: integration
    when: purchase_order.sync_failed.v1
    follows: {of: purchase_order, done: purchase_order.issued.v1, within: 4h}
"""
WRITTEN = SMALL + GUARDS


def test_guards_of_a_process_are_compiled(tmp_path: Path) -> None:
    ready, repaired = small(tmp_path, WRITTEN).by_name("small").guards
    assert (ready.key, ready.of, ready.owner, ready.severity) == ("small/ready", "supplier", "procurement", "critical")
    assert set(ready.asks) == {"purchase_order.created.v1", "Create order"}
    assert repaired.severity == "warning"
    assert set(repaired.answers) == {"purchase_order.issued.v1"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("of: supplier\n", "of: suplier\n", "unknown object type 'suplier'; did you mean 'supplier'?"),
        ("when: ordered", "when: orderd", "unknown milestone or event type 'orderd'; did you mean 'ordered'?"),
        ("when: ordered", "when: worker.hired.v1",
         "'worker.hired.v1' names cost_center, position, worker, not 'supplier'"),
        ("from: supplier.activated.v1", "from: supplier.activted.v1", "unknown event type 'supplier.activted.v1'"),
        ("until: supplier.blocked.v1", "until: invoice.paid.v1",
         "'invoice.paid.v1' names invoice, payment, not 'supplier'"),
        ("      must:\n        active: {from: supplier.activated.v1, until: supplier.blocked.v1}\n", "      must: {}\n",
         "nothing is asked: name what `must` or `must_not` hold"),
        ("within: 4h", "within: soon", "soon"),
        ("name: repaired", "name: ready", "two guards are called 'ready'"),
        ("    follows: {of: purchase_order, done: purchase_order.issued.v1, within: 4h}\n", "",
         "a guard asks one thing, and this one asks nothing"),
        ("within: 4h}", "within: 4h, each: [user_account]}", "no event of `done` or `opened` names 'user_account'"),
        ("within: 4h}", "within: 4h, opened: purchase_order.created.v1}",
         "`opened` and `all_done` speak of the objects"),
        ("severity: critical", "severity: awful", "'awful' must be 'info', 'warning' or 'critical'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_guard_is_explained(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert WRITTEN.count(old) == 1
    (one,) = mistakes(write(tmp_path, WRITTEN.replace(old, new)))
    assert said in one
    assert "guards[" in one


def test_every_shipped_process_has_guards_with_an_owner() -> None:
    assert {definition.process for definition in load().definitions if not definition.guards} == set()
    assert all(guard.owner and guard.title for definition in load().definitions for guard in definition.guards)
