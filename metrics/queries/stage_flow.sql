-- Cases that entered and left each state since `since` (microseconds), from the milestones that lead to the states.
-- `moves_*` run in parallel: which milestone leads, in which branch, to which state ('' leaves the branch).
-- Without moves (a log without a definition) each milestone is a state of its own.
-- For every facility and department and for all of them ('' in of_facility, of_department): one answer serves every filter.
-- Narrowed where it is shown: facility, department.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT if(grouping(facility) = 1, '', toString(facility)) AS of_facility,
       if(grouping(department) = 1, '', toString(department)) AS of_department,
       stage, sum(came) AS entered, sum(went) AS left
FROM (
    SELECT facility, department, step.3 AS stage,
           countIf(step.1 > since) AS came,
           countIf(next.1 > since AND next.3 != step.3) AS went
    FROM (
        SELECT facility, department, arrayJoin(arrayZip(path, arrayResize(arrayPopFront(path), length(path), (toDateTime64(0, 6, 'UTC'), '', '')))) AS pair,
               pair.1 AS step, pair.2 AS next
        FROM (
            SELECT facility, department, arraySort(if(empty({moves_state:Array(String)}),
                                arrayMap((t, m) -> (t, 'main', toString(m)), milestone.last, milestone.name),
                                arrayMap((m, b, s) -> (milestone.last[indexOf(milestone.name, m)], b, s),
                                         arrayFilter((m, b, s) -> has(milestone.name, m), {moves_milestone:Array(String)}, {moves_branch:Array(String)}, {moves_state:Array(String)}),
                                         arrayFilter((b, m, s) -> has(milestone.name, m), {moves_branch:Array(String)}, {moves_milestone:Array(String)}, {moves_state:Array(String)}),
                                         arrayFilter((s, m) -> has(milestone.name, m), {moves_state:Array(String)}, {moves_milestone:Array(String)})))) AS moves,
                   arrayFilter(x -> x.2 = branch, moves) AS path,
                   arrayJoin(arrayDistinct(moves.2)) AS branch
            FROM v_cases
            WHERE process = {process:String} AND last_time > since
        )
    )
    WHERE stage != ''
    GROUP BY facility, department, stage
)
GROUP BY GROUPING SETS ((stage, facility, department), (stage, facility), (stage, department), (stage))
HAVING (grouping(facility) = 1 OR facility != '') AND (grouping(department) = 1 OR department != '')
