-- Clocks of each SLA decided in the window of `days` before `as_of` (microseconds) and in the one before that, and, as `sla_attainment`
-- counts them, in the SLA's own window: the days of `sla_days` beside its name in `sla_names`, else `days`.
-- A breach is decided at its deadline, whether or not the case is still open; the rest when it stopped. In the own window stands
-- besides each breached clock of a case that still waits, however long ago its deadline was.
-- For every facility and department and for all of them ('' in of_facility, of_department): one answer serves every filter.
-- Narrowed where it is shown: facility, department.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     as_of - toIntervalDay({days:UInt32}) AS since,
     since - toIntervalDay({days:UInt32}) AS before,
     as_of - toIntervalDay(transform(sla, {sla_names:Array(String)}, {sla_days:Array(UInt32)}, {days:UInt32})) AS own_since,
     coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided
SELECT if(grouping(facility) = 1, '', toString(facility)) AS of_facility,
       if(grouping(department) = 1, '', toString(department)) AS of_department,
       toString(rule) AS sla,
       sum(is_met) AS met, sum(is_breached) AS breached,
       sum(was_met) AS met_before, sum(was_breached) AS breached_before,
       sum(is_own_met) AS own_met, sum(is_own_breached) AS own_breached
FROM (
    SELECT sla AS rule, facility, department,
           countIf(status = 'met' AND decided > since AND decided <= as_of) AS is_met,
           countIf(status = 'breached' AND decided > since AND decided <= as_of) AS is_breached,
           countIf(status = 'met' AND decided > before AND decided <= since) AS was_met,
           countIf(status = 'breached' AND decided > before AND decided <= since) AS was_breached,
           countIf(status = 'met' AND decided > own_since) AS is_own_met,
           countIf(status = 'breached' AND (decided > own_since OR (case_status = 'open' AND stopped IS NULL))) AS is_own_breached
    FROM v_clocks
    WHERE process = {process:String} AND status IN ('met', 'breached')
    GROUP BY rule, facility, department
)
GROUP BY GROUPING SETS ((rule, facility, department), (rule, facility), (rule, department), (rule))
HAVING (grouping(facility) = 1 OR facility != '') AND (grouping(department) = 1 OR department != '')
ORDER BY of_facility, of_department, sla
SETTINGS priority = 1
