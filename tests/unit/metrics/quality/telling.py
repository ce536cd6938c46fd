"""Builders: a small `domains.yaml`, events that tell of workers and suppliers, and judgements made of them."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from metrics.contracts.model import Contracts, load_contracts
from metrics.guards.model import NO_GUARDS, Guards
from metrics.quality.compiling import compile_domains
from metrics.quality.duplicates import judge_duplicates
from metrics.quality.facts import Fact
from metrics.quality.finding import Finding, Judgement, Present, Told
from metrics.quality.judging import judge
from metrics.quality.marks import fingerprint_with
from metrics.quality.model import Domains
from metrics.quality.observing import Observer
from metrics.quality.schema import DomainsText
from metrics.words import HOUR, Event, ObjectRef

START = 1_767_225_600_000_000  # 2026-01-01T00:00Z

WRITTEN: dict[str, Any] = {
    "version": 1,
    "systems": {
        "workday": {"title": "Workday", "sources": ["/workday"]},
        "ukg": {"title": "UKG", "sources": ["/ukg", "/ukg-pro"]},
        "wfm": {"title": "WFM", "sources": ["/wfm"]},
        "identity": {"title": "Identity", "sources": ["/scim"]},
        "s4": {"title": "S/4", "sources": ["/sap/s4"], "called": ["SAP"]},
        "coupa": {"title": "Coupa", "sources": ["/coupa"]},
    },
    "domains": {
        "workforce": {
            "title": "Workforce",
            "owner": "HR operations",
            "within": "8h",
            "objects": {
                "worker": {
                    "told_by": ["user_account"],
                    "ends": ["worker.rescinded.v1"],
                    "same": {"department": {"Surgery": ["SURG", "4410"]}},
                    "groups": {
                        "employment": {
                            "record": "workday",
                            "fields": ["department", "manager", "cost_center"],
                            "changes": ["worker.hired.v1", "worker.transferred.v1"],
                            "targets": {
                                "ukg": {"within": "4h"},
                                "identity": {"within": "2h", "seen": ["user_account.created.v1"]},
                            },
                        }
                    },
                    "duplicates": {"email": {"fields": ["email"]}},
                }
            },
        },
        "supplier": {
            "title": "Supplier",
            "owner": "Supplier management",
            "objects": {
                "supplier": {
                    "ends": ["supplier.withdrawn.v1"],
                    "duplicates": {
                        "tax_number": {"fields": ["tax_id"], "similar": "number"},
                        "name": {"fields": ["supplier_name"], "similar": "name"},
                    },
                }
            },
        },
        "financial": {
            "title": "Financial",
            "owner": "Finance",
            "objects": {
                "cost_center": {
                    "references": {
                        "kind": "unmapped",
                        "known_by": ["cost_center.created.v1"],
                        "attributes": ["cost_center"],
                        "within": "1h",
                    }
                }
            },
        },
    },
}
CONTRACTS: Contracts = load_contracts()


def domains(written: dict[str, Any] | None = None) -> Domains:
    """The domains of the tests, or those written."""
    return compile_domains(DomainsText.model_validate(written or WRITTEN), CONTRACTS)


DOMAINS = domains()


def observer(guards: Guards = NO_GUARDS) -> Observer:
    return Observer(DOMAINS, fingerprint_with(b"key of the tests"), guards)


def told(
    id: str, type: str, subject: str, source: str, hours: float, *others: tuple[str, str, str], effective: str = "",
    feed: str = "", **attributes: Any,
) -> Event:  # fmt: skip
    """An event so many hours after START; `others` are (type, id, qualifier)."""
    head, _, number = subject.partition("/")
    objects = (ObjectRef(head, number, "subject"), *(ObjectRef(*one) for one in others))
    return Event(
        id=id, type=type, activity=type, time=START + round(hours * HOUR), source=source, objects=objects,
        origin="test", position=0, subject=subject, effective_date=effective, feed=feed, attributes=attributes,
    )  # fmt: skip


def hired(hours: float = 0, worker: str = "7", id: str = "hired", **attributes: Any) -> Event:
    return told(id, "worker.hired.v1", f"worker/{worker}", "/workday/prod", hours, **attributes)


def at(hours: float) -> Present:
    """A present so many hours after START, for every feed."""
    return lambda feed, system: START + round(hours * HOUR)


def facts_of(events: Iterable[Event]) -> list[Fact]:
    watcher = observer()
    return [fact for event in events for fact in watcher.facts(event)]


def judgement(
    events: Sequence[Event], present: Present, type: str = "worker", *, judge_names: bool = True
) -> Judgement:
    """What is so about the one object of a type that the events tell of."""
    facts = [fact for fact in facts_of(events) if fact.type == type and "=" not in fact.id]
    root = min((fact.subject for fact in facts), key=lambda one: (":" in one[1], one[1]))
    return judge(Told(root, facts), DOMAINS.objects[type], present, judge_names=judge_names)


def findings(events: Sequence[Event], present: Present, type: str = "worker") -> list[Finding]:
    return list(judgement(events, present, type).findings)


def duplicates(events: Sequence[Event], type: str = "supplier", joined: dict[str, str] | None = None) -> list[Finding]:
    """The duplicates among the objects of a type; `joined`: other number → number that names it."""
    facts = [fact for fact in facts_of(events) if fact.type == type]
    groups = sorted({fact.subject for fact in facts if fact.kind == "member"})
    own = [fact for fact in facts if "=" not in fact.id]
    key = lambda fact: (joined or {}).get(fact.id, fact.id)  # noqa: E731
    members = [Told((type, id), list(found)) for id, found in groupby(sorted(own, key=key), key=key)]
    return [one for group in groups for one in judge_duplicates(group, members, DOMAINS.objects[type]).findings]
