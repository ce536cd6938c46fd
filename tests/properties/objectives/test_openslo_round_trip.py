"""What is written as OpenSLO is read again as it was, and whatever else stands in a document is told."""

from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.definitions.load import load
from metrics.definitions.registry import Catalogue, Loaded
from metrics.definitions.schema import ObjectiveText, ProcessText
from metrics.objectives.openslo import documents, slo, written
from metrics.objectives.openslo_documents import differences
from metrics.objectives.openslo_reading import read

AIMS = st.builds(
    ObjectiveText,
    share=st.integers(1, 99_999).map(lambda number: number / 100_000),
    window_days=st.integers(1, 3660),
)


@cache
def shipped() -> Catalogue:
    return load()


def aimed(process: str, aims: list[ObjectiveText]) -> Catalogue:
    """The shipped process with other objectives."""
    found = shipped().find(process)
    slas = [one.model_copy(update={"objective": aim}) for one, aim in zip(found.process.slas, aims, strict=False)]
    text = found.process.model_copy(update={"slas": (*slas, *found.process.slas[len(slas) :])})
    return Catalogue([Loaded(found.file, found.text, text, found.definition)], None)


def one_slo(process: ProcessText, index: int = 0) -> dict[str, Any]:
    return slo(process, process.slas[index])


@settings(max_examples=12)
@given(st.sampled_from([one.process for one in load().definitions]), st.lists(AIMS, min_size=1, max_size=4))
def test_every_objective_survives_the_way_out_and_in(process: str, aims: list[ObjectiveText]) -> None:
    changed = aimed(process, aims)
    taken, left = read(written(documents(changed)), shipped())
    slas = changed.find(process).process.slas
    assert [one.sla for one in taken] == list(slas)
    assert left == []
    before = shipped().find(process).process.slas
    assert [one.is_change for one in taken] == [a.objective != b.objective for a, b in zip(slas, before, strict=True)]


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(TREES, TREES)
def test_only_a_tree_that_is_held_in_ours_has_no_difference(one: Any, ours: Any) -> None:
    assert (not list(differences(one, ours))) == is_held(one, ours)


def is_held(one: Any, ours: Any) -> bool:
    if isinstance(one, dict) and isinstance(ours, dict):
        return all(key in ours and is_held(value, ours[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(ours, list):
        return len(one) <= len(ours) and all(map(is_held, one, ours))
    return type(one) is type(ours) and bool(one == ours)


@settings(max_examples=15)
@given(st.text("abc", min_size=1, max_size=5), st.text("abc", max_size=5))
def test_what_is_added_to_a_document_is_told_by_its_place(key: str, value: str) -> None:
    process = shipped().definitions[0].process
    document = one_slo(shipped().find(process).process)
    document["spec"]["x" + key] = value
    taken, left = read(written([document]), shipped())
    assert len(taken) == 1
    assert [one.place for one in left] == [f"spec.x{key}"]
