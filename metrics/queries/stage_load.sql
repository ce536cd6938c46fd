-- Open cases by state; a case in several branches counts in the state of each. Without states (a log without a
-- definition) the last activity reached stands for the state. `moves_*` run in parallel: which milestone
-- leads, in which branch, to which state ('' leaves the branch); they tell since when a case waits in a state.
SELECT stage,
       count() AS in_flight,
       countIf(has(clock.status, 'breached')) AS breached,
       countIf(has(clock.status, 'at_risk') AND NOT has(clock.status, 'breached')) AS at_risk,
       quantile(0.5)(greatest({as_of:Int64} - if(since > 0, since, toUnixTimestamp64Micro(state_since)), 0)) AS median_wait_us
FROM (
    SELECT *, arrayMax(arrayPushBack(arrayMap((m, s) -> if(s = stage AND has(milestone.name, m), toUnixTimestamp64Micro(milestone.last[indexOf(milestone.name, m)]), 0),
                                {moves_milestone:Array(String)}, {moves_state:Array(String)}), 0)) AS since
    FROM (
        SELECT state, state_since, milestone.name, milestone.last, clock.status,
               arrayJoin(if(empty({moves_state:Array(String)}) OR state = '',
                            [toString(milestone.name[indexOf(milestone.last, arrayMax(milestone.last))])],
                            splitByString(' + ', state))) AS stage
        FROM v_cases
        WHERE process = {process:String} AND status = 'open' AND notEmpty(milestone.name)
          AND ({facility:String} = '' OR facility = {facility:String})
          AND ({department:String} = '' OR department = {department:String})
    )
)
GROUP BY stage
