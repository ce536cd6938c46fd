"""An object's state from its own row: the row is all that a worker needs to go on."""

from collections.abc import Mapping
from typing import Any

from streams.correlation.messages import CaseKey, Key, Proof
from streams.correlation.object_state import ObjectState

COLUMNS = """object_type, object_id, simulated,
    parent.type, parent.id, parent.event_id, parent.proof_us, child.type, child.id, child.event_id, child.proof_us,
    link.process, link.case_type, link.case_id, link.via_type, link.via_id, link.event_id, link.proof_us, link.kept"""


def restore(row: Mapping[str, Any]) -> ObjectState:
    """The object of a row with `COLUMNS`, as it was flushed; its events are in the store."""
    state = ObjectState((row["object_type"], row["object_id"]))
    state.parents = dict(_proven(row, "parent"))
    state.children = dict(_proven(row, "child"))
    cases = map(CaseKey, row["link.process"], row["link.case_type"], row["link.case_id"])
    vias = zip(row["link.via_type"], row["link.via_id"], strict=True)
    proofs = zip(row["link.proof_us"], row["link.event_id"], strict=True)
    kept: dict[CaseKey, None] = {}
    for case, via, proof, keeps in zip(cases, vias, proofs, row["link.kept"], strict=True):
        state.links.setdefault(case, {})[via] = proof
        if keeps:
            kept[case] = None
    state.kept = tuple(kept)
    state.simulated = bool(row["simulated"])
    state.opened = any(state.key in ways for ways in state.links.values())
    state.stored, state.dirty = True, False
    return state


def _proven(row: Mapping[str, Any], side: str) -> "zip[tuple[Key, Proof]]":
    keys = zip(row[f"{side}.type"], row[f"{side}.id"], strict=True)
    return zip(keys, zip(row[f"{side}.proof_us"], row[f"{side}.event_id"], strict=True), strict=True)
