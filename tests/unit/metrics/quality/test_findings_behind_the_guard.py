"""Tokens change no finding: what counts as the same without privacy counts as the same behind the guard."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metrics.quality.facts import MARK, TOLD
from metrics.quality.load import load_domains
from metrics.quality.marks import fingerprint_with
from metrics.quality.observing import Observer
from metrics.words import Event
from tests.unit.metrics.privacy.ring import POLICY, guard
from tests.unit.metrics.quality.telling import told

DOMAINS = load_domains().domains
SUBJECTS = {
    "supplier_name": ("supplier.created.v1", "supplier"), "tax_id": ("supplier.created.v1", "supplier"),
    "bank_account": ("supplier.created.v1", "supplier"), "email": ("worker.hired.v1", "worker"),
    "national_id": ("worker.hired.v1", "worker"), "department": ("worker.hired.v1", "worker"),
}  # fmt: skip
SPELLINGS = [
    ("supplier_name", "Müller & Söhne GmbH", "MULLER AND SOHNE"), ("supplier_name", "The Acme Co., Inc.", "acme"),
    ("supplier_name", "Acme North", "AcmeNorth"), ("supplier_name", "Ltd.", "Inc"), ("supplier_name", "--", "..."),
    ("tax_id", "DE 12-345", "de12345"), ("tax_id", "12345", "12346"), ("tax_id", "-", "."),
    ("bank_account", "DE89 3704 0044-0532 0130 00", "de89370400440532013000"), ("bank_account", "?", "!"),
    ("email", "Jo.Ash@mail.invalid", "jo.ash@MAIL.invalid"), ("email", "jo.ash@mail.invalid", "joash@mail.invalid"),
    ("national_id", "078-05-1120", "078051120"),
    ("department", "Quill", "Quill"), ("department", "Quill", "quill"), ("department", "surgery", "Quill"),
]  # fmt: skip


def compared(field: str, *values: str, private: bool) -> tuple[list[int], list[int]]:
    """Which of the values count as one: (for duplicates, for contradictions), each as the place of its first equal."""
    type, subject = SUBJECTS[field]
    watcher, watch = Observer(DOMAINS, fingerprint_with(b"key of the tests")), guard()
    marks, said = [], []
    for number, value in enumerate(values):
        event: Event = told(f"e{number}", type, f"{subject}/{number}", "/workday/prod", number, **{field: value})
        facts = watcher.facts(watch.protect(event) if private else event)
        marks.append(str(sorted(fact.value for fact in facts if fact.kind == MARK)))
        said.append(str(sorted(fact.value for fact in facts if fact.kind == TOLD and fact.field == field)))
    return [marks.index(one) for one in marks], [said.index(one) for one in said]


@pytest.mark.parametrize(("field", "one", "other"), SPELLINGS)
def test_two_spellings_are_the_same_with_and_without_privacy(field: str, one: str, other: str) -> None:
    assert compared(field, one, other, private=True) == compared(field, one, other, private=False)


@given(
    st.sampled_from(["supplier_name", "tax_id", "national_id"]), st.lists(st.text("aA1é&.- ß", max_size=6), max_size=5)
)
@example("supplier_name", ["Acme AG", "ACME", "acme-ag"])
def test_whatever_is_written_counts_as_the_same_behind_the_guard(field: str, values: list[str]) -> None:
    assert compared(field, *values, private=True) == compared(field, *values, private=False)


def test_the_rules_of_privacy_compare_as_the_rules_for_duplicates() -> None:
    ways = {"number": {"value", "bank"}, "name": {"name"}, "exact": {"text"}}
    compared_by = [
        (field, rule.similar) for one in DOMAINS.objects.values() for rule in one.duplicates for field in rule.fields
    ]
    assert compared_by
    assert all(POLICY.everywhere[field] in ways[similar] for field, similar in compared_by)
