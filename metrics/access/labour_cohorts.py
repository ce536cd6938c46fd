"""Labour of few people: each row of the ledger belongs to one cohort, which is told by the same words under any filter.

People are told apart step by step: by facility, within it by company and process, then by department and cost centre,
by supplier, by category. Of the groups of one step those of few people are told as one, without what this step and the
later ones would tell; where they are few together, the next larger group joins them. So whatever filters are put
together, and whatever is subtracted from what, the difference is made of whole cohorts, each of enough people. Open
positions count as people, apart from those who work.
"""

from typing import Final

from metrics.store.sqltext import quoted

STEPS: Final = (
    ("facility",),
    ("legal_entity", "process"),
    ("department", "cost_center"),
    ("supplier",),
    ("category",),
)
"""What labour is told by, in the order in which it is kept."""
CUTS: Final = tuple(name for step in STEPS for name in step)
PEOPLE: Final = ("worker", "contingent")
"""Objects of a posting that are people; where a group names none of them, its assignments stand for them."""
_VACANT: Final = "stage = 'vacant'"
_SIZE: Final = "if(uniqExactIf(one, sure) > 0, uniqExactIf(one, sure), uniqExactIf(one, one != ''))"


def cohorts(rows: str, least: int, name: str) -> str:
    """The rows of the ledger (a query), those of labour told by their cohort; `name`: what a merged cut is called."""
    people = _people(rows)
    merged = ", ".join(
        f"({', '.join(_known(step))}) IN ({_small(people, step, least)}), {step}" for step in range(len(STEPS))
    )
    instead = ", ".join(
        f"CAST(if(merged_from <= {step}, {quoted(name)}, toString({cut})), 'LowCardinality(String)') AS {cut}"
        for step, cuts in enumerate(STEPS)
        for cut in cuts
    )
    few = f"SELECT vacant FROM ({people}) GROUP BY vacant HAVING {_SIZE} BETWEEN 1 AND {least - 1}"
    return (
        f"SELECT * EXCEPT (merged_from, vacant) REPLACE ({instead}) FROM ("
        f"SELECT *, {_VACANT} AS vacant, if(labour, multiIf({merged}, {len(STEPS)}), {len(STEPS)}) AS merged_from"
        f" FROM ({rows}) WHERE NOT labour OR vacant NOT IN ({few}))"
    )


def _people(rows: str) -> str:
    """Who is named where; '' for nobody. `sure`: people themselves, not their assignments."""
    kinds = ", ".join(map(quoted, PEOPLE))
    return (
        f"SELECT {', '.join(CUTS)}, {_VACANT} AS vacant, arrayJoin(multiIf(vacant, [(document_id, 1)],"
        f" hasAny(named_types, [{kinds}]), arrayMap(id -> (id, 1), arrayFilter((id, kind) -> kind IN ({kinds}),"
        " named_ids, named_types)), document_type = 'assignment', [(document_id, 0)], has(named_types, 'assignment'),"
        " arrayMap(id -> (id, 0), arrayFilter((id, kind) -> kind = 'assignment', named_ids, named_types)),"
        f" [('', 0)])) AS who, who.1 AS one, who.2 AS sure FROM ({rows}) WHERE labour"
    )


def _known(step: int) -> tuple[str, ...]:
    """What tells the groups of a step apart."""
    return ("vacant", *(cut for cuts in STEPS[: step + 1] for cut in cuts))


def _small(people: str, step: int, least: int) -> str:
    """The groups of a step that are told as one within the group of the step before."""
    names, within = ", ".join(_known(step)), ", ".join(_known(step - 1))
    few = f"size BETWEEN 1 AND {least - 1}"
    first = f"groupUniqArrayIf({least})"
    groups = (
        f"SELECT {names}, {_SIZE} AS size, {first}(one, sure) AS those, {first}(one, one != '') AS some"
        f" FROM ({people}) GROUP BY {names}"
    )
    beside = f"OVER (PARTITION BY {within})"
    return (
        f"SELECT {names} FROM (SELECT {names}, {few} AS is_few, uniqExactArrayIf(those, {few}) {beside} AS left_sure,"
        f" uniqExactArrayIf(some, {few}) {beside} AS left_some, row_number() OVER (PARTITION BY {within}"
        f" ORDER BY size < {least}, size, {names}) AS place, if(left_sure > 0, left_sure, left_some) AS left_over"
        f" FROM ({groups})) WHERE is_few OR (place = 1 AND left_over BETWEEN 1 AND {least - 1})"
    )
