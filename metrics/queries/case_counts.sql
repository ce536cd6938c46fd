-- Open, breached and endangered cases of one process now, and the traffic of the last day before `as_of` (microseconds).
-- For every facility and department and for all of them ('' in of_facility, of_department): one answer serves every filter.
-- Narrowed where it is shown: facility, department.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT if(grouping(facility) = 1, '', toString(facility)) AS of_facility,
       if(grouping(department) = 1, '', toString(department)) AS of_department,
       sum(of_cases) AS cases, sum(of_open) AS open, sum(of_breached) AS breached, sum(of_at_risk) AS at_risk,
       sum(of_opened) AS opened_today, sum(of_closed) AS closed_today, sum(of_breached_today) AS breached_today
FROM (
    SELECT facility, department,
           count() AS of_cases,
           countIf(status = 'open') AS of_open,
           countIf(status = 'open' AND has(clock.status, 'breached')) AS of_breached,
           countIf(status = 'open' AND has(clock.status, 'at_risk') AND NOT has(clock.status, 'breached')) AS of_at_risk,
           countIf(first_time > as_of - INTERVAL 1 DAY) AS of_opened,
           countIf(status = 'closed' AND last_time > as_of - INTERVAL 1 DAY) AS of_closed,
           countIf(status = 'open' AND arrayExists((s, d) -> s = 'breached' AND d > as_of - INTERVAL 1 DAY,
                                                   clock.status, clock.deadline)) AS of_breached_today
    FROM v_cases
    WHERE process = {process:String}
    GROUP BY facility, department
)
GROUP BY GROUPING SETS ((facility, department), (facility), (department), ())
HAVING (grouping(facility) = 1 OR facility != '') AND (grouping(department) = 1 OR department != '')
SETTINGS priority = 1
