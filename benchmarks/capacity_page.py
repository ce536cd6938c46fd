"""docs/capacity.md, computed: nothing on the page that does not follow from a measured figure by a rule on the page."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any, NamedTuple

USED = 0.6
"""The part of a core that is planned for; the rest is for peaks, merges and catching up."""
RETENTION_DAYS = 7
COPIES = 3
MOST_PARTITIONS = 256
RATES = (100, 1_000, 10_000, 100_000)
TOTALS = (1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
FREE = 0.3
GIB, MIB = 2**30, 2**20
DAY_SECONDS = 86_400


class Weights(NamedTuple):
    """What one store weighs."""

    events: int
    cases: int
    bytes: int
    record_bytes: int
    worker_peak: int
    store_peak: int

    @property
    def per_event(self) -> float:
        return self.bytes / self.events

    @property
    def per_case(self) -> float:
        return self.bytes / self.cases


def weights(filled: dict[str, Any]) -> Weights:
    """The sums over a filled store's tables."""
    tables = filled["tables"]
    weight = sum(table["bytes"] for table in tables.values())
    held = tables["cases"]["rows"]
    peaks = filled["worker_peak"], filled["store_peak"]
    return Weights(filled["items"], held, weight, filled["record_bytes"], *peaks)


def held_bytes(small: Weights, large: Weights) -> float:
    """Memory of a worker for each further case, from two sizes; 0 where the difference is lost in noise."""
    return max(0.0, (large.worker_peak - small.worker_peak) / (large.cases - small.cases))


def workers(rate: float, worker_us: float) -> int:
    """Processes of one core each."""
    return max(1, ceil(rate * worker_us / 1e6 / USED))


def partitions(processes: int) -> int:
    """The power of two that leaves room to double the workers."""
    wanted = 4
    while wanted < 2 * processes:
        wanted *= 2
    return min(wanted, MOST_PARTITIONS)


def page(measured: dict[str, Any]) -> str:
    """The page as Markdown."""
    small, large = (weights(one) for one in measured["filled"])
    parts = [_head(measured), _measured(measured, small, large), _rules()]
    parts += [
        _by_rate(measured, large),
        _by_total(measured, large),
        _memory(small, large),
        _spans(measured),
        _limits(measured),
    ]
    return "\n\n".join(parts) + "\n"


def _head(measured: dict[str, Any]) -> str:
    machine = measured["machine"]
    return f"""# Capacity

How many workers, partitions, cores and disks a load takes. Made by `python -m benchmarks.capacity` from
figures measured on
{machine["cores"]} cores of {machine["processor"]} (rates: commit {machine["commit"]}, {machine["at"]}; disk and memory:
`docs/benchmarks/capacity.json`). **Everything in the sections "By rate" and "By what is kept" beyond the
measured sizes is
extrapolated in a straight line**; measure your own events before you buy."""


def _measured(measured: dict[str, Any], small: Weights, large: Weights) -> str:
    rates = measured["rates"]
    both = (small, large)
    rows = [
        ("disk an event, all tables, merged", f"{small.per_event:,.0f} bytes", f"{large.per_event:,.0f} bytes"),
        ("disk a case, all tables, merged", f"{small.per_case:,.0f} bytes", f"{large.per_case:,.0f} bytes"),
        ("an event in the topic, uncompressed", *(f"{one.record_bytes / one.events:,.0f} bytes" for one in both)),
        ("cases", f"{small.cases:,}", f"{large.cases:,}"),
        ("worker's memory, peak", *(f"{one.worker_peak / MIB:,.0f} MiB" for one in both)),
        ("store's memory, peak (embedded engine)", *(f"{one.store_peak / MIB:,.0f} MiB" for one in both)),
    ]  # fmt: skip
    heavy = measured["filled"][1]["tables"]
    told = [(name, f"{one['rows']:,}", f"{one['bytes'] / large.events:,.1f}") for name, one in _heaviest(heavy)]
    return f"""## What was measured

Requisition to pay with its SLAs ({large.events / large.cases:.1f} events a case), read by `flowglass worker
cases` and stored by the embedded engine:

{_table(("", f"{small.events:,} events", f"{large.events:,} events"), rows)}

Where the bytes are, of {large.events:,} events:

{_table(("table", "rows", "bytes an event"), told)}

CPU: an event takes {rates["cases"]["worker_us"]:.0f} µs of a worker of cases and
{rates["cases"]["store_us"]:.0f} µs of the store; a span
{rates["spans"]["worker_us"]:.1f} µs and {rates["spans"]["store_us"]:.1f} µs; the median mapping
{measured["mapping_us"]:.0f} µs an event
([benchmarks/REPORT.md](benchmarks/REPORT.md))."""


def _heaviest(tables: dict[str, Any]) -> Sequence[tuple[str, Any]]:
    return sorted(tables.items(), key=lambda item: -item[1]["bytes"])[:6]


def _rules() -> str:
    return f"""## The rules

- workers = events/s × µs of a worker ÷ 1,000,000 ÷ {USED:g}, rounded up: a worker is one process on one
  core, and {1 - USED:.0%} of it is
  kept for peaks and for catching up;
- partitions (`FLOWGLASS_PARTITIONS`): the power of two that is at least twice the workers, 4 at least,
  {MOST_PARTITIONS} at most. Choose for the
  largest load that you expect: topics that exist keep their number;
- the store's cores = events/s × µs of the store ÷ 1,000,000 ÷ {USED:g}; questions of readers come on top;
- the broker's disk = events/s × bytes a record × {RETENTION_DAYS} days × {COPIES} copies, before compression;
- the store's disk = bytes an event × events ÷ {1 - FREE:g}: {FREE:.0%} stay free for merges. Each replica
  needs that much."""


def _by_rate(measured: dict[str, Any], large: Weights) -> str:
    rates, record = measured["rates"]["cases"], large.record_bytes / large.events
    rows = []
    for rate in RATES:
        processes = workers(rate, rates["worker_us"])
        kept = rate * record * DAY_SECONDS * RETENTION_DAYS * COPIES
        day = rate * DAY_SECONDS * large.per_event
        mapped = workers(rate, measured["mapping_us"])
        rows.append(
            (f"{rate:,}", str(processes), str(mapped), str(partitions(processes)),
             str(workers(rate, rates["store_us"])), _bytes(kept), _bytes(day))
        )  # fmt: skip
    head = ("events/s", "workers of cases", "workers of sources (mapping alone)", "partitions", "store's cores",
            "broker's disk", "store's disk a day")  # fmt: skip
    return f"## By rate\n\nSustained, day and night:\n\n{_table(head, rows)}"


def _by_total(measured: dict[str, Any], large: Weights) -> str:
    rows = [
        (f"{total:,}", f"{total / large.events * large.cases:,.0f}", _bytes(total * large.per_event),
         _bytes(total * large.per_event / (1 - FREE)))
        for total in TOTALS
    ]  # fmt: skip
    million = large.per_case * 1_000_000
    return f"""## By what is kept

A million cases take {_bytes(million)} ({_bytes(million / (1 - FREE))} with room for merges).

{_table(("events", "cases", "disk", "with room for merges"), rows)}"""


def _memory(small: Weights, large: Weights) -> str:
    each = held_bytes(small, large)
    if not each:
        told = "The two sizes differ by less than the noise of a peak, so no figure for each case can be given."
    else:
        base = small.worker_peak - each * small.cases
        told = f"""From the two sizes: {base / MIB:,.0f} MiB, and {each / 1024:.1f} KiB for each case of its partitions.
With 2 GiB (the limit in
`docker-compose.yml`) that is room for {(2 * GIB * 0.8 - base) / each:,.0f} cases a worker, with a fifth left free."""
    return f"""## Memory

{told}
A worker keeps at most `FLOWGLASS_CASES_IN_MEMORY` cases (60,000 there, 200,000 unless said otherwise): beyond that
those that are closed leave first, then those that were quiet longest, and come back from the store when something
happens to them. So memory is bounded by that number, not by what is stored. A peak holds the buffers of a backlog
too, so this is a bound."""


def _spans(measured: dict[str, Any]) -> str:
    filled, rates = measured["spans"], measured["rates"]["spans"]
    weight = sum(table["bytes"] for table in filled["tables"].values()) / filled["items"]
    rows = [
        (f"{rate:,}", str(workers(rate, rates["worker_us"])), str(workers(rate, rates["store_us"])),
         _bytes(rate * DAY_SECONDS * weight))
        for rate in RATES
    ]  # fmt: skip
    return f"""## Spans

Measured: {filled["items"]:,} spans with five attributes take {weight:,.0f} bytes each on disk, merged.

{_table(("spans/s", "workers of spans", "store's cores", "store's disk a day"), rows)}"""


def _limits(measured: dict[str, Any]) -> str:
    most = workers(RATES[-1], measured["rates"]["cases"]["worker_us"])
    return f"""## What this does not say

- Rates were measured with one worker and the embedded engine on loopback. Several workers share a store:
  that its cost an event stays the same with
  {most} of them has not been measured, nor any cluster, network or disk but the one of that machine.
- The scene repeats itself more than real events do, so real events compress less. Weigh your own:
  `flowglass analyse` them, then ask
  `system.parts`.
- Guards, data quality, ledger and alerts have workers of their own whose cost depends on definitions; the
  pages' readers are measured in
  [benchmarks/REPORT.md](benchmarks/REPORT.md).
- Recovery: after a standstill of h hours a worker that is used to {USED:.0%} needs {USED:g} ÷
  {1 - USED:.1g} × h = {USED / (1 - USED):.1f} h hours to catch up."""


def _bytes(number: float) -> str:
    for size, name in ((2**50, "PiB"), (2**40, "TiB"), (GIB, "GiB")):
        if number >= size:
            return f"{number / size:,.1f} {name}"
    return f"{number / MIB:,.0f} MiB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
