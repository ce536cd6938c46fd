"""Every code says what to do."""

from metrics.dead_letter_advice import ADVICE
from streams.codecs import reasons
from streams.sources import reasons as source_reasons
from streams.spans import reasons as span_reasons


def test_every_reason_has_a_sentence_that_says_what_to_do_and_no_sentence_is_left_over() -> None:
    modules = (reasons, span_reasons, source_reasons)
    codes = {
        value for module in modules for name, value in vars(module).items() if name.isupper() and isinstance(value, str)
    }
    assert codes == set(ADVICE)
    assert all(sentence.endswith(".") and len(sentence) > 40 for sentence in ADVICE.values())
