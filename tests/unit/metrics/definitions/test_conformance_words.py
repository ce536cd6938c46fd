"""Deviations as sentences."""

import pytest

from metrics.definitions.conformance_words import deviation_sentence

TITLES = {"po_issued": "Order sent", "po_approved": "Order approved", "completed": "Booked", "failed": "Failed"}


@pytest.mark.parametrize(
    ("kind", "rule", "milestone", "one", "count", "sentence"),
    [
        (
            "missing", "po_issued after po_approved each purchase_order", "po_issued", "PO-1", 1,
            "“Order sent” without “Order approved” (purchase order PO-1)",
        ),
        (
            "wrong_order", "po_issued after po_approved", "po_issued", "", 2,
            "“Order sent” came before “Order approved”, 2 times",
        ),
        ("extra", "never completed", "completed", "", 1, "“Booked” should never come"),
        ("extra", "never completed after failed", "completed", "", 1, "“Booked” came after “Failed”"),
        ("extra", "nothing after the end", "completed", "", 1, "“Booked” came after the case had ended"),
        ("rework", "failed at most 2", "failed", "", 3, "“Failed” came more than 2 times, 3 too many"),
        (
            "missing", "completed after po_approved since failed", "completed", "", 1,
            "“Booked” without “Order approved”, asked afresh since “Failed”",
        ),
        ("extra", "of another build!", "completed", "", 1, "“Booked” breaks the rule “of another build!”"),
    ],
)  # fmt: skip
def test_a_deviation_is_a_plain_sentence(
    kind: str, rule: str, milestone: str, one: str, count: int, sentence: str
) -> None:
    assert deviation_sentence(kind, rule, milestone, one, count, TITLES.__getitem__) == sentence
