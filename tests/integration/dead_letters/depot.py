"""An invented system whose mapping has a mistake in each of its kinds, and messages that meet them."""

import json
from typing import Any

from streams.producer import Outgoing
from streams.sources.native import outgoing

SYSTEM, OWNER = "depot", "procurement"
CANARIES = ("Zimtstern", "078-05-1120", "GB29NWBK60161331926819", "quartz-sword-9", "1.250,77", "31/12/2026 canary")

HEAD = """
mapping: depot
title: Depot
owner: procurement
source: /depot/{tenant}
evidence: {inferred: ["everything, for it is invented"]}
settings: {tenant: default}
inputs:
  json: {}
messages:
"""
KIND = """
  FORM:
    accept: "form == 'FORM'"
    key: {type: purchase_order, id: number}
    time: {value: at, format: dmy, zone: UTC}
    amount: {value: total, currency: currency, form: point_groups}
    objects: {requisition: requisition}
    rules:
      created: {type: purchase_order.created.v1, evidence: inferred, when: "status == 'NEW'", identity: number}
"""
MISTAKES = {
    "received": ("== 'received'", "== 'recieved'"),
    "dated": ("format: dmy", "format: iso"),
    "priced": ("point_groups", "point"),
    "keyed": ("id: number", "id: nummer"),
    "ruled": ("'NEW'", "'ISSUED'"),
}
FORMS = tuple(MISTAKES)
REASONS = ("no_message_kind", "bad_time", "bad_amount", "no_key", "no_rule")


def kind(form: str) -> str:
    """The kind of one form of message, as it should be; the first takes its time from when it came."""
    text = KIND.replace("FORM", form)
    return text.replace("{value: at, format: dmy, zone: UTC}", "$received") if form == "received" else text


def right() -> str:
    """The mapping without a mistake."""
    return HEAD + "".join(map(kind, FORMS))


def wrong() -> str:
    """The mapping before it was repaired: each kind has one mistake."""
    return HEAD + "".join(kind(form).replace(*MISTAKES[form]) for form in FORMS)


def message(form: str, number: int, **other: Any) -> Outgoing:
    """An order of a requisition of the same number, with people's data around it."""
    told = {
        "form": form, "number": f"D-{number}", "requisition": f"R-{number:05d}", "status": "NEW",
        "at": "02/03/2026 08:30", "total": "1.250,77", "currency": "USD", "password": "quartz-sword-9",
        "requested_by": {"name": "Wanda Zimtstern", "ssn": "078-05-1120"}, "pay_to": "GB29NWBK60161331926819", **other,
    }  # fmt: skip
    return outgoing(SYSTEM, json.dumps(told).encode(), {"x-sent-by": "Zimtstern"})


def hopeless(number: int) -> Outgoing:
    """A message that no mapping can read."""
    return message("dated", number, at="31/12/2026 canary")
