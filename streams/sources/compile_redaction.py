"""What a mapping masks in the messages that it could not read, compiled: columns, trees, and what it decodes."""

from collections.abc import Callable

from streams.sources.context import Context
from streams.sources.inputs import Inputs, syntax_of
from streams.sources.redaction import redactor
from streams.sources.redaction_encoded import decoded_forms, encoded_redactor
from streams.sources.redaction_flat import row_redactor

_TREES = frozenset(("json", "xml"))


def compile_redaction(context: Context, inputs: Inputs) -> Callable[[bytes], bytes]:
    """Masks what `redact` names, and what is always masked."""
    names = context.text.redact
    trees, encoded = redactor(names), encoded_redactor(names, decoded_forms(context.text.model_dump()))
    if inputs.flat is None:
        return lambda body: encoded(trees(body))
    rows = row_redactor(names, inputs.flat)

    def redact(body: bytes) -> bytes:
        is_flat = syntax_of(body, inputs) not in _TREES
        return encoded(trees(rows(body) if is_flat else body))

    return redact
