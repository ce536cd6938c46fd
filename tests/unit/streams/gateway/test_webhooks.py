"""What is kept of a webhook."""

import pytest

from streams.gateway.headers import keeper, masked_query
from streams.gateway.problems import Problem
from streams.gateway.webhooks import WebhookReader, record_key, redacted


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "X-Hub-Signature-256",
        "X-Coupa-API-Key",
        "X-ApplicationKey",
        "X-Auth-Token",
        "X-Amz-Security-Token",
        "X-Client-Secret",
        "Declared-As-Secret",
        "Content-Length",
        "X-Forwarded-For",
        "Connection",
        "fg-system",
        "fg-dead-letter",
        "fg-query",
        "fg-sender",
    ],
)
def test_credentials_and_the_connections_headers_are_dropped(name: str) -> None:
    assert keeper({"declared-as-secret"})([(name, "value")]) == {}


@pytest.mark.parametrize(
    "name",
    [
        "content-type",
        "traceparent",
        "sap-passport",
        "x-correlation-id",
        "x-event-id",
        "action",
        "table",
        "x-author",
        "ce-id",
    ],
)
def test_what_a_mapping_reads_is_kept(name: str) -> None:
    assert keeper(set())([(name.title(), "value")]) == {name: "value"}


def test_a_query_keeps_its_words_and_loses_its_credentials() -> None:
    assert masked_query("") == ""
    assert masked_query("table=a%20b&sig=1&access_token=2&apikey=3&page=") == (
        "table=a+b&sig=***&access_token=***&apikey=***&page="
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_secrets_are_masked_in_the_encoding_they_came_in(encoding: str) -> None:
    text = "<cXML><Sender><SharedSecret>hunter2</SharedSecret></Sender><Name>Müller</Name></cXML>"
    assert redacted(text.encode(encoding)).decode(encoding) == text.replace("hunter2", "***")


@pytest.mark.parametrize("body", [b"", b"\0" * 7, b"\xff\xfe\0", b"{}", b'{"n": 1}', "ü".encode("utf-16-be")])
def test_a_body_without_secrets_stays_as_it_came(body: bytes) -> None:
    assert redacted(body) == body


def test_an_empty_webhook_is_refused() -> None:
    with pytest.raises(Problem) as told:
        WebhookReader(["coupa"], keeper(())).read(b"", "coupa", {}, "", "tests")
    assert told.value.status == 422


@pytest.mark.parametrize(
    ("headers", "key_header", "same_as"),
    [
        ({}, "", "coupa"),
        ({}, "x-order", "coupa"),
        ({"x-order": "  "}, "x-order", "coupa"),
        ({"x-order": "PO-1"}, "", "coupa"),
        ({"x-order": "PO-1"}, "x-order", record_key("coupa", "PO-1")),
        ({"fg-key": "PO-1", "x-order": "PO-2"}, "x-order", record_key("coupa", " PO-1 ")),
    ],
)
def test_messages_of_one_object_have_one_key(headers: dict[str, str], key_header: str, same_as: str) -> None:
    reader = WebhookReader(["coupa"], keeper(()))
    ((_, record),) = reader.read(b"{}", "coupa", headers, "", "tests", key_header).records
    assert record[0] == same_as.encode()


def test_a_key_tells_neither_the_object_nor_another_systems_object() -> None:
    assert "4711" not in record_key("workday", "4711")
    assert record_key("workday", "4711") != record_key("workday", "4712")
    assert record_key("workday", "4711").startswith("workday/")
    assert record_key("ukg_pro", "4711") != record_key("workday", "4711")
