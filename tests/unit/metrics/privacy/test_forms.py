"""What a text looks like: what is let through, and what shows a person in whatever place."""

import time

import pytest

from metrics.privacy.forms import is_code, is_number, is_words, shows_a_person

ACCOUNTS = ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32", "fr1420041010050500013m02606", "NO9386011117947"]


@pytest.mark.parametrize(
    "text",
    [
        *ACCOUNTS, "T" + ACCOUNTS[0], f"invoice/{ACCOUNTS[0]}-7", "078-05-1120", "078 05 1120", "ash.jo@mail.invalid",
        "+1 212 555 0147", "+4930123456", "(212) 555-0147", "212-555-0147", "see 212.555.0147 please",
    ],
)  # fmt: skip
def test_what_shows_a_person_never_passes(text: str) -> None:
    assert shows_a_person(text)
    assert not is_code(text)
    assert not is_words(text)
    assert not is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "4500000123", "300000901122334", "0017100009/88120", "AN01000000777-T/INV-88120", "2026-03-05T10:00:00Z",
        "1772629100.1@buyer.acme.invalid", "4bf92f3577b34da6a3ce929d0e0e4736",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f0", "k1~mfrggzdfmztwq2lk",
        "com.sap.s4.beh.purchaseorder.v1.PurchaseOrder.Changed.v1", "https://stores.sample.invalid/erp",
        "DE89370400440532013001", "PRÜF-7", "in_process",
    ],
)  # fmt: skip
def test_numbers_and_codes_of_systems_pass(text: str) -> None:
    assert is_code(text)
    assert is_words(text)
    assert is_number(text)


@pytest.mark.parametrize("text", ["Platform Operations", "Ward 7 (north)", "FY26 WARDS", "Net 30", "Pending Approval"])
def test_a_few_words_pass_where_words_may(text: str) -> None:
    assert is_words(text)
    assert not is_code(text)


@pytest.mark.parametrize(
    "text",
    ["", "Vendor blocked: please call me back, thanks", "a b c d e f g", "who?", "x" * 200,
     "her_sister_who_lies_in_bed_four_asked_to_be_called_back", "line\nbreak"],
)  # fmt: skip
def test_sentences_never_pass(text: str) -> None:
    assert not is_words(text)
    assert not is_code(text)


@pytest.mark.parametrize(("text", "passes"), [
    ("INV 2026/17", True), ("PO 4711", True), ("Jo Ash", False), ("Ana Quill-3", False), ("Jo Ashman/4711", False),
])  # fmt: skip
def test_a_document_number_may_have_a_short_word_before_its_figures(text: str, passes: bool) -> None:
    assert is_number(text) == passes


@pytest.mark.parametrize("text", ["a" * 4096, "a@" * 2048, "DE89" * 1024, "1 " * 2048, "(" * 4096, "+1" * 2000])
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    shows_a_person(text), is_words(text), is_number(text)
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    ("text", "passes"), [("QTY REC", True), ("AMT", True), ("Jo Ash", False), ("ZEBULON Q", False)]
)
def test_a_code_may_be_of_a_few_very_short_words(text: str, passes: bool) -> None:
    assert is_code(text) == passes
