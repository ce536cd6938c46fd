-- Open cases by state; a case in several branches counts in the state of each. Without states (a log without a
-- definition) the last activity reached stands for the state. `moves_*` run in parallel: which milestone
-- leads, in which branch, to which state ('' leaves the branch); they tell since when a case waits in a state.
-- For every facility and department and for all of them ('' in of_facility, of_department): one answer serves every filter.
-- Narrowed where it is shown: facility, department.
SELECT if(grouping(facility) = 1, '', toString(facility)) AS of_facility,
       if(grouping(department) = 1, '', toString(department)) AS of_department,
       stage,
       count() AS in_flight,
       countIf(has(clock.status, 'breached')) AS breached,
       countIf(has(clock.status, 'at_risk') AND NOT has(clock.status, 'breached')) AS at_risk,
       quantileExactInclusive(0.5)(greatest({as_of:Int64} - if(since > 0, since, toUnixTimestamp64Micro(state_since)), 0)) AS median_wait_us
FROM (
    SELECT w.facility AS facility, w.department AS department, w.stage AS stage, w.state_since AS state_since, w.`clock.status` AS `clock.status`,
           arrayMax(arrayMap((name, last) -> if(has(e.milestones, name), toUnixTimestamp64Micro(last), 0), w.names, w.lasts)) AS since
    FROM (
        SELECT facility, department, state_since, milestone.name AS names, milestone.last AS lasts, clock.status,
               arrayJoin(if(empty({moves_state:Array(String)}) OR state = '',
                            [toString(milestone.name[indexOf(milestone.last, arrayMax(milestone.last))])],
                            splitByString(' + ', state))) AS stage
        FROM v_cases
        WHERE process = {process:String} AND status = 'open' AND notEmpty(milestone.name)
    ) AS w
    LEFT JOIN (
        SELECT move.2 AS state, groupArray(move.1) AS milestones
        FROM (SELECT arrayJoin(arrayZip({moves_milestone:Array(String)}, {moves_state:Array(String)})) AS move)
        GROUP BY state
    ) AS e ON e.state = w.stage
)
GROUP BY GROUPING SETS ((stage, facility, department), (stage, facility), (stage, department), (stage))
HAVING (grouping(facility) = 1 OR facility != '') AND (grouping(department) = 1 OR department != '')
