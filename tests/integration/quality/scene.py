"""What several systems of a hospital say of the same workers, suppliers and cost centres, as canonical events."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from metrics.definitions.load import SHIPPED as CATALOGUE
from metrics.quality.load import SHIPPED

ACCEPTED_SECONDS = 6
Record = tuple[bytes, bytes]


def definitions(folder: Path) -> Path:
    """A folder with the shipped domains, but that targets have no more time than a test."""
    written = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    worker = written["domains"]["workforce"]["objects"]["worker"]
    worker["groups"]["employment"]["targets"] = {
        "identity": {"within": f"{ACCEPTED_SECONDS}s", "seen": ["user_account.created.v1"]},
        "servicenow": {"within": f"{ACCEPTED_SECONDS}s"},
    }
    folder.mkdir()
    for name in (
        "batch_reconciliation.yaml",
        "calendars.yaml",
        "facilities.yaml",
    ):  # a process that none of this is about
        shutil.copy(CATALOGUE / name, folder)
    (folder / "domains.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    return folder


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def event(
    id: str, type: str, subject: str, source: str, at: datetime, *others: tuple[str, str, str], **attributes: Any
) -> Record:
    """A record as it lies on the topic; `others` are (type, id, qualifier)."""
    kind, _, number = subject.partition("/")
    objects = [{"type": kind, "id": number, "qualifier": "subject"}]
    objects += [{"type": one, "id": other, "qualifier": role} for one, other, role in others]
    told = {
        "specversion": "1.0", "id": id, "source": source, "type": type, "subject": subject, "time": at.isoformat(),
        "data": {"objects": objects, "attributes": attributes},
    }  # fmt: skip
    return subject.encode(), json.dumps(told).encode()


def in_workday(id: str, worker: str, at: datetime, department: str, type: str = "worker.hired.v1") -> Record:
    return event(id, type, f"worker/{worker}", "/workday/north", at, department=department)


def in_ukg(id: str, worker: str, at: datetime, department: str) -> Record:
    return event(id, "worker.changed.v1", f"worker/{worker}", "/ukg-pro/north", at, department=department)


def account(id: str, worker: str, at: datetime) -> list[Record]:
    """The worker as the identity provider and the service desk show it."""
    named = ("worker", worker, "worker")
    return [
        event(f"{id}-a", "user_account.created.v1", f"user_account/u{worker}", "/scim/north", at, named),
        event(f"{id}-b", "worker.changed.v1", f"worker/{worker}", "/servicenow/north", at),
    ]


def supplier(id: str, number: str, source: str, at: datetime, tax_id: str) -> Record:
    return event(id, "supplier.activated.v1", f"supplier/{number}", source, at, tax_id=tax_id)


def told_before() -> list[Record]:
    """A department that two systems disagree on, a supplier with two numbers, a cost centre that nobody created."""
    token = "k1~mfrggzdfmztwq2lk"
    return [
        in_workday("hired", "204511", ago(days=9), "Surgery"),
        *account("known", "204511", ago(days=9) + timedelta(seconds=2)),
        in_ukg("ukg", "204511", ago(days=8), "Radiology"),
        supplier("coupa", "1288", "/coupa/north", ago(days=8), token),
        supplier("s4", "900017", "/sap/s4/north", ago(days=7), token),
        event("center", "cost_center.created.v1", "cost_center/CC-4410", "/sap/s4/north", ago(days=9)),
        event("asked", "requisition.created.v1", "requisition/R1", "/coupa/north", ago(days=6),
              ("cost_center", "CC-9999", "charged")),
        event("right", "requisition.created.v1", "requisition/R2", "/coupa/north", ago(days=6),
              ("cost_center", "CC-4410", "charged")),
    ]  # fmt: skip
