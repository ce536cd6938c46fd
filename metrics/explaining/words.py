"""What the short words of the catalogue mean, as sentences."""

from collections.abc import Mapping
from typing import Final

from metrics.explaining.schema import Clock, Late

CLOCKS: Final[Mapping[Clock, str]] = {
    "chosen": (
        "Net or gross, as chosen on the page. Net is time of the SLA's own calendar without its pauses; "
        "gross is all elapsed time."
    ),
    "gross": "Gross: all elapsed time, nights, weekends and pauses included.",
    "events": "By the time at which things happened, as the sources tell it.",
    "intake": "By the time at which messages were taken in: some of them tell no other.",
    "working": "By the calendar that the rule names, with its hours and holidays.",
    "wall": "By the wall clock of whoever judges it.",
}
LATE: Final[Mapping[Late, str]] = {
    "restated": (
        "A late or corrected event changes it as soon as it is read. Where that moves a closed day, week or month, "
        "both values are kept under “Restated figures”."
    ),
    "at_once": "A late or corrected event changes it as soon as it is read. It tells what is true now.",
    "kept": "What came late is kept beside what was there; nothing is taken back.",
}
LEDGER: Final = (
    "Of the ledger's rules and rates as declared in ledger.yaml and rates.yaml; every posting keeps the event that "
    "decided it."
)
ONLY_NOW: Final = "It tells how things stand now, so no link can bring this value back: what was then is not kept."
