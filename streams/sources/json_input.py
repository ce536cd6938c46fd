"""JSON messages: parsed with decimals as they are written, never as binary floats."""

from typing import Any, Final

import msgspec

from streams.codecs.reasons import MALFORMED_JSON, NOT_UTF8, TOO_DEEP, Unreadable

_DECODER: Final = msgspec.json.Decoder(float_hook=str)
_BOM: Final = b"\xef\xbb\xbf"


def parse_json(body: bytes) -> Any:
    """A JSON document; numbers with a point or an exponent are their text. Raises `Unreadable`."""
    try:
        return _DECODER.decode(body[3:] if body.startswith(_BOM) else body)
    except UnicodeDecodeError as error:
        raise Unreadable(NOT_UTF8, f"byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise Unreadable(TOO_DEEP, "the JSON is nested too deeply") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(MALFORMED_JSON, str(error)[:200]) from None
