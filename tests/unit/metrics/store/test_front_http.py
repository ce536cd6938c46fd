import io

import pytest

from metrics.store.front.http import Answer, BadRequest, read_chunked, read_head, write_answer


def reader(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(data))


def test_a_request_head_is_read_with_decoded_parameters() -> None:
    head = read_head(reader(b"POST /?query=a%20b&param_x=%27&empty= HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"))
    assert head is not None
    assert head.params == {"query": "a b", "param_x": "'", "empty": ""}
    assert head.headers["host"] == "h"
    assert head.length == 5


def test_a_closed_connection_is_no_request() -> None:
    assert read_head(reader(b"")) is None


@pytest.mark.parametrize("data", [b"nonsense\r\n\r\n", b"GET / SPDY/3\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n"])
def test_what_is_not_http_is_refused(data: bytes) -> None:
    with pytest.raises(BadRequest):
        read_head(reader(data))


def test_chunks_are_joined_and_trailers_skipped() -> None:
    assert read_chunked(reader(b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n")) == b"abcde"


def test_a_malformed_or_broken_off_chunk_is_an_error() -> None:
    with pytest.raises(BadRequest):
        read_chunked(reader(b"zz\r\nabc\r\n"))
    with pytest.raises(ConnectionResetError):
        read_chunked(reader(b"5\r\nabc"))


def test_a_line_end_in_a_header_value_cannot_split_the_response() -> None:
    out = io.BytesIO()
    write_answer(out, Answer(headers={"X-Query-Id": "a\r\nSet-Cookie: x"}), keep_alive=True)
    assert b"\r\nSet-Cookie" not in out.getvalue()
