"""Words: only those that somebody has written into the configuration pass; whatever else could be a name does not."""

from pathlib import Path

import pytest

from metrics.privacy.policy import load_policy
from metrics.privacy.tokens import Tokens
from metrics.privacy.unknown_words import UnknownWord, as_vocabulary, recognised
from metrics.privacy.vocabulary import Vocabulary, reference_words, words_of_files
from metrics.words import Event, ObjectRef
from streams.privacy.mapping_words import mapping_words
from tests.unit.metrics.privacy.ring import POLICY, RING, guard

TOKENS = Tokens(RING)
WORDS = Vocabulary(["Pain Clinic", "purchase_order", "starts_with(kind, 'Order.Sent')", "personNumber", "=paid"])


@pytest.mark.parametrize(
    "text",
    ["pain clinic", "PAIN  CLINIC", "order.sent", "paid", "CC-4060", "4410", "REQ-2026-000017", "ACMEWO00002210", "US",
     "QTY 4", "order/2026/17", "0af7651916cd43dd8448eb211c80319c", "log.0af765191bcd", "Aaaa Aaa", "purchase-order"],
)  # fmt: skip
def test_known_words_and_numbers_are_known(text: str) -> None:
    assert WORDS.knows(text)


@pytest.mark.parametrize(
    "text",
    ["Quartermain", "Zebulon Quartermain", "QUILL", "Ana", "LI WEI", "ana.quill", "Quartermain-4060", "Quill 7",
     "Ana 7", "Pain", "urn:quill", "k1~mfrggzdfmztwq2lk"],
)  # fmt: skip
def test_what_could_be_a_name_is_not(text: str) -> None:
    assert not WORDS.knows(text)


def test_a_member_s_name_is_made_of_known_words() -> None:
    assert all(map(WORDS.names, ["personNumber", "PurchaseOrder", "number_2", "fg:Order"]))
    assert not any(map(WORDS.names, ["Quartermain", "orderOfQuill", "QUILL"]))


def test_prose_of_a_file_is_no_vocabulary(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(
        "tables: {status: {values: {Offen: open}}}\nevidence: {seen: [told by Quill]}\nnote: Quill said so\n"
    )
    found = Vocabulary(words_of_files([file, tmp_path / "none.yaml"]))
    assert found.knows("offen")
    assert not found.knows("Quill")


def test_facilities_and_words_of_other_systems_for_the_same_are_reference_data(tmp_path: Path) -> None:
    (tmp_path / "facilities.yaml").write_text("facilities: {lakeside: {title: Lakeside Clinic}}\n")
    (tmp_path / "domains.yaml").write_text("same: {department: {Surgery: [CHIRURGIE]}}\n")
    found = Vocabulary(reference_words(tmp_path))
    assert all(map(found.knows, ["lakeside", "Lakeside Clinic", "CHIRURGIE", "worker.hired.v1"]))


def told(**attributes: object) -> Event:
    refs = (ObjectRef("requisition", "R-1", "subject"), ObjectRef("department", str(attributes["department"])))
    return Event(id="e-1", type="requisition.created.v1", activity="requisition.created.v1", time=1, source="/coupa",
                 objects=refs, origin="o", position=1, subject="requisition/R-1", attributes=attributes)  # fmt: skip


def test_a_word_that_nobody_made_known_is_one_token_as_attribute_and_as_object() -> None:
    watch = guard()
    found = watch.protect(told(department="Quill", category="Quill", role=["nurse", "Quill"]))
    token = TOKENS.key("Quill")
    assert found.attributes == {"department": token, "category": token, "role": ["nurse", token]}
    assert found.objects[1].id == token
    watch.protect(told(department="Quill"))
    assert watch.take_unknown() == {"department": 2, "category": 1, "role": 1}
    assert watch.take_unknown() == {}


def test_a_word_of_one_s_own_rules_passes(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("version: 1\nvocabularies: {wards: [Pain Clinic]}\n")
    assert (
        guard(policy=load_policy(own)).protect(told(department="Pain Clinic")).attributes["department"] == "Pain Clinic"
    )
    assert guard().protect(told(department="Pain Clinic")).attributes["department"] != "Pain Clinic"


def test_sources_types_steps_and_ids_tell_no_name() -> None:
    event = Event(id="Quartermain", type="quill", activity="Quill", time=1, source="/coupa/Quartermain", feed="Quill",
                  objects=(ObjectRef("purchase_order", "Quartermain", "Quill"),), origin="o", position=1,
                  subject="purchase_order/Quartermain")  # fmt: skip
    found = guard().protect(event)
    assert not {"quill", "quartermain"} & set(str(found).casefold().replace("/", " ").replace("'", " ").split())
    assert found.source == f"/coupa/{TOKENS.key('Quartermain')}"
    assert guard().protect(found) == found


def test_the_words_of_shipped_mappings_pass_only_with_the_mappings() -> None:
    assert load_policy(words=mapping_words()).vocabulary.knows("partially_received")
    assert not POLICY.vocabulary.knows("Offboarding complete")


def test_an_owner_recognises_unknown_words_by_a_list_of_the_house() -> None:
    rows = [UnknownWord("department", TOKENS.key("Pain Clinic"), 7, ["/coupa"], 2),
            UnknownWord("category", TOKENS.key("Quill"), 1, ["/coupa"], 2)]  # fmt: skip
    found = recognised(rows, ["Pain Clinic ", "", "Kitchen"], TOKENS)
    assert [one.word for one in found] == ["Pain Clinic", ""]
    assert as_vocabulary(found) == 'vocabularies:\n  department: ["Pain Clinic"]'
    assert as_vocabulary(found[1:]) == ""
