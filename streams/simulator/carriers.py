"""What a trace says about the business objects that it serves: declared shares, drawn by the seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate
from random import Random

from metrics.words import ObjectRef
from streams.simulator.plan import CarrierShares
from streams.simulator.tracing import Attributes


@dataclass(frozen=True, slots=True)
class Carrier:
    """How one traced step is carried.

    `on_event`: the event names the trace. `root`: attributes of the root span, `consumer`: of the consumer's.
    `linked`: the consumer opens a trace of its own, with a span link as its only proof.
    `derived`: the trace id is computed from the case. `proofs`: what binds the trace to its cases; () means nothing.
    """

    kind: str
    proofs: tuple[str, ...] = ()
    on_event: bool = False
    root: Attributes | None = None
    consumer: Attributes | None = None
    linked: bool = False
    derived: bool = False


_KINDS = ("traceparent", "keys", "both", "baggage", "span_link", "derived", "neither", "decoy")


def draw_carrier(shares: CarrierShares, rng: Random, key: ObjectRef, objects: Sequence[ObjectRef]) -> Carrier:
    """Choose the carrier of a step whose business key is `key`; `objects` are all that its event names."""
    kind = rng.choices(_KINDS, cum_weights=_cumulated(shares))[0]
    if rng.random() < shares.missing:
        return Carrier("missing")
    if kind == "traceparent":
        return Carrier(kind, ("traceparent",), on_event=True)
    if kind == "keys":
        return Carrier(kind, ("attribute",), root={_key_name(key, rng): key.id})
    if kind == "both":
        return Carrier(kind, ("traceparent", "attribute"), on_event=True, root={_key_name(key, rng): key.id})
    if kind == "baggage":
        return Carrier(kind, ("baggage",), consumer={f"baggage.{_key_name(key, rng)}": key.id})
    if kind == "span_link":
        return Carrier(kind, ("traceparent",), on_event=True, linked=True)
    if kind == "derived":
        return Carrier(kind, ("derived",), derived=True)
    if kind == "decoy":
        return Carrier(kind, root=_decoy(key, objects, rng))
    return Carrier("neither")


@lru_cache(maxsize=4)
def _cumulated(shares: CarrierShares) -> tuple[float, ...]:
    return tuple(accumulate(getattr(shares, kind) for kind in _KINDS))


def derived_trace_id(process: str, case_id: str) -> int:
    """The trace id that a system computes when nothing is carried to it."""
    return int.from_bytes(sha256(f"default|{process}|{case_id}".encode()).digest()[:16], "big")


def _key_name(key: ObjectRef, rng: Random) -> str:
    return f"flowglass.{key.type}.id" if rng.random() < 0.4 else f"{key.type}.id"


def _decoy(key: ObjectRef, objects: Sequence[ObjectRef], rng: Random) -> Attributes:
    """Attributes that look like a key: an unknown name, a shared object, or an id that names nothing."""
    choice = rng.randrange(3)
    if choice == 0:
        return {"order.reference": key.id, "erp.document": key.id}
    if choice == 1:
        shared = next((ref.id for ref in objects if ref.type == "cost_center"), "CC-1010")
        return {"flowglass.cost_center.id": shared}
    return {f"{key.type}.id": f"{key.id}-TEMPLATE"}
