"""What a person writes in a mapping file. Unknown words are refused; `values.py` and `conditions.py` read selectors."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

NAME = r"^[a-z][a-z0-9_]*$"
Name = Annotated[str, Field(pattern=NAME, description="Small letters, digits and _, beginning with a letter.")]
Text = Annotated[str, Field(min_length=1)]
Value = Annotated[Any, Field(description="A selector, a list of steps, or one step.")]
Condition = Annotated[Any, Field(description="A selector that must hold, a list of conditions, or one condition.")]
Mark = Literal["documented", "seen", "inferred"]


def _listed(value: object) -> object:
    """One text stands for a list of one."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class Written(BaseModel):
    """Base of everything that is written by hand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JsonInput(Written):
    """JSON messages; ``records`` finds the documents in one (default: the elements of an array, or the whole)."""

    records: Value = None


class XmlInput(Written):
    """XML messages. Namespaces are bound by URI; or `local_names` drops them all before anything is selected."""

    records: Value = None
    namespaces: dict[Text, Text] = {}
    local_names: bool = False
    repair: Literal["", "ampersands"] = ""


def _as_text(value: object) -> object:
    """A whole number where a text of digits is meant; YAML does not ask for quotes there."""
    return str(value) if type(value) is int else value


Places = Annotated[Text, BeforeValidator(_as_text)]


class LineText(Written):
    """One layout of a line. `columns`: names in order (csv), or name: '1-8' with places from 1 (fixed).

    `width`: how many signs such a line has, '81' or '81-85' (fixed).
    """

    starts: str = ""
    columns: tuple[Text, ...] | dict[Text, Places]
    width: Places = ""


class ControlText(Written):
    """What the trailer says of the rows: the column with their number, and row column -> trailer column of sums.

    `head: required`: a file without its head line is refused too.
    """

    head: Literal["", "required"] = ""
    count: str = ""
    sums: dict[Text, Text] = {}
    form: Text = "point"


class FlatInput(Written):
    """Lines: delimited (csv) or of fixed width. The layouts `head` and `trailer` are no rows; all others are."""

    encoding: Text = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header_row: bool = False
    lines: dict[Name, LineText] = {}
    control: ControlText | None = None


class InputsText(Written):
    """The syntaxes in which the system writes."""

    json_: JsonInput | None = Field(default=None, alias="json")
    xml: XmlInput | None = None
    csv: FlatInput | None = None
    fixed: FlatInput | None = None


class TableText(Written):
    """Words to words. `default`: what an unknown word becomes (`keep`: itself, `none`: nothing, else this text)."""

    values: dict[str, str]
    default: Text = "unknown"
    ignore_case: bool = False


class DefaultsText(Written):
    """What holds unless a time or an amount says otherwise."""

    format: Texts = ("iso",)
    zone: str = ""
    precision: Literal["", "instant", "second", "minute", "day"] = ""
    money: Text = "point"
    currency: Value = None


class StatusText(Written):
    """The native status and the table that normalises it: attributes native_status and canonical_status."""

    value: Value
    table: Name


class WatchText(Written):
    """A watched field: its value now, and the one before where the message carries that itself."""

    now: Value
    before: Value = None


class OrderText(Written):
    """The field that grows with every change of the object."""

    by: Value
    kind: Literal["integer", "time", "text"] = Field(default="integer", alias="as")


class StateText(Written):
    """Snapshots are compared with what was remembered; the rules speak of the difference."""

    watch: dict[Name, Value] = Field(min_length=1)
    order: OrderText | None = None
    first_seen: Literal["emit", "baseline"] = "emit"


class ObjectText(Written):
    """A further object that the event names."""

    type: Name | None = None
    id: Value
    qualifier: str | None = None
    when: Condition = None


class KeyText(Written):
    """The business object the event is about."""

    type: Name
    id: Value


class EnrichText(Written):
    """A question that completes the thin event later; the kind of message with `answers` reads the answer."""

    request: Value
    when: Condition = None
    timeout: Text = "30s"


class Facts(Written):
    """What an event says; written for the kind of message, and again for one rule where it differs."""

    key: KeyText | None = None
    identity: Value = None
    time: Value = None
    recorded: Value = None
    effective: Value = None
    sequence: Value = None
    amount: Value = None
    actor: Value = None
    objects: dict[Name, Any] = {}
    attributes: dict[Name, Value] = {}
    enrich: dict[Name, EnrichText | None] = {}


class RuleText(Facts):
    """One kind of event that the message can give."""

    type: Text
    evidence: Mark
    when: Condition = None
    note: str = ""
    ask_only: bool = False


class KindText(Facts):
    """One kind of message: how it is recognised, what it is about, and its rules."""

    title: str = ""
    like: Name | None = None
    abstract: bool = False
    syntax: Literal["json", "xml", "csv", "fixed"] | None = None
    accept: Condition = None
    answers: Name | None = None
    for_each: Value = None
    let: dict[Name, Value] = {}
    status: StatusText | None = None
    state: StateText | None = None
    fire: Literal["all", "first"] = "all"
    pass_on: bool = False
    otherwise: Literal["dead_letter", "ignore"] | None = None
    rules: dict[Name, RuleText] = {}


class IgnoreText(Written):
    """Messages that give no event on purpose."""

    when: Condition
    syntax: Literal["json", "xml", "csv", "fixed"] | None = None
    why: Text


class LimitsText(Written):
    """Bounds of one message."""

    bytes: int = Field(default=1 << 20, ge=1, le=1 << 30)
    records: int = Field(default=10_000, ge=1, le=10_000_000)
    events: int = Field(default=10_000, ge=1, le=10_000_000)


class EvidenceText(Written):
    """What is known of the system, and how well: documented by its vendor, seen in public, or inferred by us."""

    documented: Texts = ()
    seen: Texts = ()
    inferred: Texts = ()


class MappingText(Written):
    """A mapping file after its bases are merged in."""

    mapping: Name
    title: Text
    extends: Name | None = None
    abstract: bool = False
    owner: str = ""
    source: Text
    evidence: EvidenceText
    settings: dict[Name, str | int | bool] = {}
    inputs: InputsText
    defaults: DefaultsText = DefaultsText()
    tables: dict[Name, TableText] = {}
    trace: tuple[Any, ...] | None = None
    redact: Texts = ()
    ignore: dict[Name, IgnoreText] = {}
    limits: LimitsText = LimitsText()
    attributes: dict[Name, Value] = {}
    let: dict[Name, Value] = {}
    messages: dict[Name, KindText] = Field(min_length=1)
