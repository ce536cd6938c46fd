"""The interfaces between the simulated systems, and how a call over one of them goes.

A delivery is one attempt of the integration hub to hand a message over: a few calls with back-off. When all
fail, the hub delivers the same message again later; the business step happens only when a delivery succeeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from metrics.words import MINUTE, SECOND

MILLISECOND = 1_000
HUB = "integration-hub"
_BACK_OFF = (1 * SECOND, 4 * SECOND, 12 * SECOND)
_REDELIVERY = (2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE)


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface: who calls whom, how fast, and whether the hub stands between the two.

    `median` is the usual duration of one call in microseconds.
    """

    name: str
    producer: str
    target: str
    operation: str
    median: int
    queued: bool = False
    error_share: float = 0.012
    throttle_share: float = 0.015
    slow_share: float = 0.02


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the target: `status` is the HTTP status; 0 means that no answer came."""

    start: int
    end: int
    status: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """The calls of one delivery; the last one decides."""

    start: int
    end: int
    calls: tuple[Call, ...]

    @property
    def succeeded(self) -> bool:
        return self.calls[-1].status == 200


def _catalogue(*interfaces: Interface) -> Mapping[str, Interface]:
    return {interface.name: interface for interface in interfaces}


INTERFACES = _catalogue(
    Interface("portal_to_coupa", "ward-portal", "coupa", "POST /requisitions", 140 * MILLISECOND),
    Interface("coupa_to_s4_budget", "coupa", "sap-s4", "POST /commitments", 260 * MILLISECOND),
    Interface("coupa_to_s4_order", "coupa", "sap-s4", "POST /purchase-orders", 420 * MILLISECOND, queued=True),
    Interface("s4_to_network", "sap-s4", "supplier-network", "POST /orders", 700 * MILLISECOND, queued=True),
    Interface("network_to_s4", "supplier-network", "sap-s4", "POST /confirmations", 380 * MILLISECOND, queued=True),
    Interface("stockroom_to_s4", "stockroom", "sap-s4", "POST /goods-receipts", 310 * MILLISECOND),
    Interface("capture_to_s4", "invoice-capture", "sap-s4", "POST /invoices", 540 * MILLISECOND, queued=True),
    Interface("s4_to_bank", "sap-s4", "bank", "POST /payments", 900 * MILLISECOND, queued=True),
    Interface("workday_to_identity", "workday", "identity", "POST /scim/v2/Users", 330 * MILLISECOND, queued=True),
    Interface("workday_to_s4_worker", "workday", "sap-s4", "POST /workers", 450 * MILLISECOND, queued=True),
    Interface("servicenow_to_identity", "servicenow", "identity", "POST /grants", 240 * MILLISECOND),
    Interface("registry_lookup", "credentialing", "license-registry", "GET /licenses", 1_600 * MILLISECOND),
    Interface("workday_to_lms", "workday", "lms", "POST /enrolments", 280 * MILLISECOND),
    Interface("workday_to_ukg", "workday", "ukg", "POST /employees", 350 * MILLISECOND, queued=True),
    Interface("portal_to_supplier_hub", "ward-portal", "jaggaer", "POST /suppliers", 210 * MILLISECOND),
    Interface("tax_lookup", "jaggaer", "tax-authority", "GET /tax-numbers", 1_200 * MILLISECOND),
    Interface("jaggaer_to_s4", "jaggaer", "sap-s4", "POST /business-partners", 620 * MILLISECOND, queued=True),
    Interface("nightly_files", "file-server", "sap-s4", "PUT /batches", 2_400 * MILLISECOND, queued=True),
    Interface("master_data_feed", "sap-s4", "master-data-targets", "PUT /records", 390 * MILLISECOND, queued=True),
    Interface("s4_to_coupa_supplier", "sap-s4", "coupa", "POST /suppliers", 480 * MILLISECOND, queued=True),
)


def deliver(interface: Interface, at: int, rng: Random, blocked: int = 0) -> Delivery:
    """Play one delivery that starts at `at`. `blocked`: the HTTP status that a fault forces (0: none).

    Authorisation failures (401) are not tried again within a delivery; other failures are, with back-off.
    """
    calls: list[Call] = []
    start = at
    for wait in (*_BACK_OFF, 0):
        call = _call(interface, start, rng, blocked)
        calls.append(call)
        if call.status in (200, 401) or not wait:
            break
        start = call.end + wait + int(rng.random() * SECOND)
    return Delivery(at, calls[-1].end, tuple(calls))


def redelivery_delay(deliveries: int, rng: Random) -> int:
    """How long the hub waits after the given number of failed deliveries, microseconds."""
    base = _REDELIVERY[min(deliveries, len(_REDELIVERY)) - 1]
    return base + int(rng.random() * base * 0.2)


def _call(interface: Interface, at: int, rng: Random, blocked: int) -> Call:
    duration = int(interface.median * rng.lognormvariate(0.0, 0.35))
    if blocked:
        return Call(at, at + (30 * SECOND if blocked == 504 else duration), blocked)
    luck = rng.random()
    if luck < interface.error_share:
        return Call(at, at + duration, 503)
    luck -= interface.error_share
    if luck < interface.throttle_share:
        return Call(at, at + 20 * MILLISECOND, 429)
    luck -= interface.throttle_share
    if luck < interface.slow_share:
        duration *= 12
    return Call(at, at + duration, 200)
