"""An object's state as bytes in its own row, and back."""

import msgspec

from streams.correlation.messages import CaseKey, Key, Proof
from streams.correlation.object_state import ObjectState


class Saved(msgspec.Struct, array_like=True):
    """What a restart needs of an object: every neighbour and link with its proof."""

    parents: list[tuple[Key, Proof]]
    children: list[tuple[Key, Proof]]
    links: list[tuple[CaseKey, list[tuple[Key, Proof]]]]
    kept: list[CaseKey]
    simulated: bool


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Saved)


def save(state: ObjectState) -> bytes:
    return _encoder.encode(
        Saved(
            list(state.parents.items()),
            list(state.children.items()),
            [(case, list(ways.items())) for case, ways in state.links.items()],
            list(state.kept),
            state.simulated,
        )
    )


def restore(key: Key, data: bytes) -> ObjectState:
    """The state as it was flushed; its events are in the store."""
    saved = _decoder.decode(data)
    state = ObjectState(key)
    state.parents = dict(saved.parents)
    state.children = dict(saved.children)
    state.links = {case: dict(ways) for case, ways in saved.links}
    state.kept = tuple(saved.kept)
    state.simulated = saved.simulated
    state.stored, state.dirty = True, False
    return state
