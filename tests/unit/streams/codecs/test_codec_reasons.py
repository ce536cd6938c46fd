"""Every code says what to do."""

from streams.codecs import reasons


def test_every_reason_has_a_sentence_that_says_what_to_do_and_no_sentence_is_left_over() -> None:
    codes = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}
    assert codes == set(reasons.ADVICE)
    assert all(sentence.endswith(".") and len(sentence) > 40 for sentence in reasons.ADVICE.values())
