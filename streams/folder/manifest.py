"""What a sender says of a file beside it: `NAME.manifest.json`, or `NAME.done`, which may be empty."""

import json
import re
from pathlib import PurePath
from typing import Annotated, Any, Final, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from metrics.definitions.explain import explain

SUFFIXES: Final = (".manifest.json", ".done")
LARGEST: Final = 64 << 10  # bytes
_DECIMAL: Final = re.compile(r"-?\d{1,30}(\.\d{1,10})?", re.ASCII)


class ManifestError(ValueError):
    """A manifest that cannot be used; the message is a sentence for its sender."""


def _decimal(value: Any) -> str:
    text = str(value)
    if isinstance(value, bool) or not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no decimal number such as 1250.00")
    return text


class Manifest(BaseModel):
    """The members of a manifest; each may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = ""
    bytes: Annotated[int, Field(ge=0, strict=True)] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")] = ""
    rows: Annotated[int, Field(ge=0, strict=True)] | None = None
    totals: dict[str, Annotated[str, BeforeValidator(_decimal)]] = {}
    business_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] = ""
    supersedes: str = ""


def target_of(name: str) -> str:
    """The file that a manifest of this name is about; empty when it is no manifest's name."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return ""


def parse_manifest(content: bytes, own_name: str) -> Manifest:
    """A manifest, with `name` filled in. Raises ManifestError."""
    if len(content) > LARGEST:
        raise ManifestError(f"the manifest {own_name} is larger than {LARGEST >> 10} KiB")
    if not content.strip():
        return Manifest(name=target_of(own_name))
    try:
        told = json.loads(content, parse_float=str, parse_constant=_no_number)
        manifest = Manifest.model_validate(told)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one.place)) or 'it'}: {one.message}" for one in explain(error, Manifest))
        raise ManifestError(f"the manifest {own_name} says what it cannot: {wrong}") from None
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"the manifest {own_name} is no JSON: {str(error)[:120]}") from None
    for member, value in (("name", manifest.name), ("supersedes", manifest.supersedes)):
        if value and not is_plain_name(value):
            raise ManifestError(
                f"the manifest {own_name} gives {value[:80]!r} as {member}: a file beside it has a name alone"
            )
    return manifest if manifest.name else manifest.model_copy(update={"name": target_of(own_name)})


def is_plain_name(name: str) -> bool:
    """Whether it names something in the same directory, and nothing else can be meant."""
    return (
        name not in (".", "..")
        and "/" not in name
        and "\\" not in name
        and "\0" not in name
        and (PurePath(name).name == name)
    )


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
