"""Whatever a secret member holds is masked, and all else of a message stays as it was."""

import json

from hypothesis import given
from hypothesis import strategies as st

from streams.sources.redaction import redactor
from streams.sources.redaction_encoded import encoded_redactor

REDACT = redactor(["ssn"])
DECODED = encoded_redactor(["ssn"], ["base64", "json", "xml"])
TEXTS = st.text(alphabet=st.sampled_from('ab"\\\n{}[]:, é<>&'), max_size=8)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["ssn", "a", "b"]), inner, max_size=3),
    max_leaves=12,
)


def masked(document: object) -> object:
    if isinstance(document, dict):
        return {name: "***" if name == "ssn" else masked(value) for name, value in document.items()}
    return [masked(one) for one in document] if isinstance(document, list) else document


@given(DOCUMENTS, st.sampled_from([None, 1]))
def test_a_masked_document_is_the_document_with_masks(document: object, indent: int | None) -> None:
    for plain in (True, False):
        body = json.dumps(document, indent=indent, ensure_ascii=plain).encode()
        assert json.loads(REDACT(body)) == masked(document)


@given(
    st.binary(max_size=200),
    st.sampled_from([b'"ssn":', b"<ssn>", b'\\"ssn\\":', b"&lt;ssn&gt;", b' ssn="']),
    st.binary(max_size=60),
)
def test_whatever_stands_around_a_secret_it_never_stops_the_mask(before: bytes, begins: bytes, after: bytes) -> None:
    DECODED(REDACT(before + begins + after))
