"""What docs/mappings.md shows works as it is written there."""

import re
from pathlib import Path

import pytest

from metrics.texts.times import instant
from streams.sources.coverage import coverage
from streams.sources.load import load_mapping
from streams.sources.message import Message
from streams.sources.schema import Facts, InputsText, KindText, MappingText, RuleText
from streams.sources.step_words import STEPS

PAGE = (Path(__file__).parents[4] / "docs" / "mappings.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(yaml|json)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def depot(tmp_path: Path) -> str:
    text = next(block for kind, block in BLOCKS if "mapping: depot" in block)
    file = tmp_path / "depot.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def message() -> Message:
    return Message(next(block for kind, block in BLOCKS if kind == "json").encode())


def test_the_complete_example_gives_the_events_that_the_page_names(depot: str) -> None:
    mapping = load_mapping(depot).mapping
    outcome = mapping.map(message())
    assert outcome.letters == []
    assert [event.type for event in outcome.events] == ["purchase_order.created.v1", "purchase_order.issued.v1"]
    issued = outcome.events[1]
    assert issued.subject == "purchase_order/A-17"
    assert {(ref.type, ref.id) for ref in issued.objects} >= {
        ("supplier", "000417"),
        ("requisition", "R-1"),
        ("requisition", "R-2"),
        ("purchase_order", "depot:7"),
    }
    assert issued.amount is not None
    assert (issued.amount.value, issued.amount.currency) == ("1250.00", "EUR")
    assert issued.time == instant("2026-03-02T09:30:00Z")
    assert issued.actor == "W-12"


def test_the_example_sent_again_gives_nothing(depot: str) -> None:
    mapping = load_mapping(depot).mapping
    again = mapping.map(message(), mapping.map(message()).state)
    assert (again.events, again.letters, [one.why for one in again.ignored]) == ([], [], ["unchanged"])


def test_the_tenants_file_of_the_page_lays_itself_upon_its_base(tmp_path: Path) -> None:
    text = next(block for kind, block in BLOCKS if "extends: coupa" in block)
    (tmp_path / "coupa_north.yaml").write_text(text, encoding="utf-8")
    loaded = load_mapping(str(tmp_path / "coupa_north.yaml"))
    assert loaded.mapping.source == "/coupa/north"
    assert "held" not in loaded.text.messages["purchase_order"].rules
    assert loaded.text.tables["order_status"].values["awaiting_board"] == "on_hold"
    assert loaded.text.tables["order_status"].values["issued"] == "issued"
    assert "requisition.created.v1" in coverage([loaded])


@pytest.mark.parametrize("model", [MappingText, KindText, RuleText, Facts, InputsText])
def test_every_word_of_a_mapping_file_is_on_the_page(model: type[MappingText]) -> None:
    words = {field.alias or name for name, field in model.model_fields.items()}
    assert {word for word in words if not re.search(rf"\b{word}\b", PAGE)} == set()


def test_every_step_is_on_the_page() -> None:
    assert {step for step in STEPS if f"{{{step}:" not in PAGE} == set()
