"""What pm4py finds in event logs, as a JSON list on the last line: `python reader.py FILE.xes|FILE.jsonocel …`.

Runs in an environment of its own. Times are microseconds; a throughput time is that of an object or case, from its
first event to its last, as pm4py computes it.
"""

import json
import sys
from typing import Any

import pm4py


def ocel(file: str) -> dict[str, Any]:
    """Events and objects by type, relations by the types and qualifier that they join, and throughput by object."""
    log = pm4py.read_ocel2_json(file)
    summary = pm4py.ocel_objects_summary(log)
    kinds = log.objects.set_index("ocel:oid")["ocel:type"].to_dict()
    between = [(kinds[one], kinds[other], name) for one, other, name in log.o2o.itertuples(index=False, name=None)]
    return {
        "events": counted(log.events["ocel:activity"]),
        "objects": counted(log.objects["ocel:type"]),
        "e2o": counted(
            zip(*(log.relations[name] for name in ("ocel:activity", "ocel:type", "ocel:qualifier")), strict=True)
        ),
        "o2o": counted(between),
        "throughput": {
            one: round(seconds * 1_000_000)
            for one, seconds in zip(summary["ocel:oid"], summary["lifecycle_duration"], strict=True)
        },
    }


def xes(file: str) -> dict[str, Any]:
    """Events by activity, the number of cases, and the throughput times of all of them, ascending."""
    log = pm4py.read_xes(file)
    return {
        "events": counted(log["concept:name"]),
        "cases": int(log["case:concept:name"].nunique()),
        "throughput": sorted(round(seconds * 1_000_000) for seconds in pm4py.get_all_case_durations(log)),
    }


def counted(values: Any) -> dict[str, int]:
    """How often each value comes; parts of a value joined by blanks."""
    found: dict[str, int] = {}
    for value in values:
        name = value if isinstance(value, str) else " ".join(value)
        found[name] = found.get(name, 0) + 1
    return found


if __name__ == "__main__":
    print(json.dumps([xes(file) if file.endswith(".xes") else ocel(file) for file in sys.argv[1:]]))
