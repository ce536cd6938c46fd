"""The sentences above panels that take some reading."""

from dashboards.figures.attainment import Standing
from dashboards.figures.map_graph import choose
from dashboards.leading import budgets_sentence, delays_sentence, map_sentence, weeks_sentence
from metrics.delay.sums import CauseSum
from metrics.queries.rows import MapEdge, MapVariant, SlaAttainment, SlaWeek

HOUR = 3_600_000_000


def week(facility: str, met: int, breached: int, monday: int = 2) -> SlaWeek:
    return SlaWeek(facility, monday, met, breached)


def test_the_map_names_its_cases_the_usual_way_and_the_longest_wait() -> None:
    edges = [MapEdge("a", "b", 10, 10, 2.0 * HOUR, 3.0 * HOUR, 0), MapEdge("b", "c", 9, 9, 5.0 * HOUR, 6.0 * HOUR, 0)]
    variants = [MapVariant("1", 6, 0.0, 0.0, 0, ["a", "b", "c"], 10, 2)]
    told = map_sentence(variants, choose(edges, ["a", "b", "c"], 0, 0), str.upper)
    assert told == (
        "10 cases; 60 % of them take the most frequent way, of 3 steps. "
        "The longest wait on the map is B → C: half of the time it takes more than 5 h."
    )


def test_the_newest_week_is_told_with_its_lowest_facility() -> None:
    weeks = [week("north", 5, 5), week("south", 19, 1), week("south", 0, 20, monday=1), week("east", 0, 1)]
    assert weeks_sentence(weeks, 0.9) == (
        "In the newest week 1 of 2 facilities is below 90 %; the lowest is North with 50.0 %."
    )
    assert weeks_sentence([week("east", 0, 1)], 0.9).startswith("In the newest week too few clocks")


def test_budgets_are_told_by_what_is_missed_and_what_goes_fastest() -> None:
    row = SlaAttainment("s", 80, 20, 10, 10, 0, 0, 0, 1.0, 1.0, 1)
    told = budgets_sentence([row], [Standing("s", "Approval", 0.9, 80, 20)])
    assert told == (
        "1 of 1 SLA with an objective is below it: Approval. Approval uses its budget up 5.0 times as fast as it may."
    )
    assert "No SLA has an objective" in budgets_sentence([row], [Standing("s", "Approval", None, 80, 20)])


def test_the_two_largest_parts_of_time_are_told() -> None:
    sums = [CauseSum("human", "x", 1, 1, 0.4, "", 0), CauseSum("queue", "y", 1, 1, 0.3, "", 0)]
    sums.append(CauseSum("human", "z", 1, 1, 0.2, "", 0))
    assert delays_sentence(sums, str.title) == "The largest parts: human (60 %), then queue (30 %)."
    assert delays_sentence([], str.title) == ""
