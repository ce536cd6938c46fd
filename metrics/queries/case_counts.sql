-- Open, breached and endangered cases of one process now, and the traffic of the last day before `as_of` (microseconds).
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT count() AS cases,
       countIf(status = 'open') AS open,
       countIf(status = 'open' AND has(clock.status, 'breached')) AS breached,
       countIf(status = 'open' AND has(clock.status, 'at_risk') AND NOT has(clock.status, 'breached')) AS at_risk,
       countIf(first_time > as_of - INTERVAL 1 DAY) AS opened_today,
       countIf(status = 'closed' AND last_time > as_of - INTERVAL 1 DAY) AS closed_today,
       countIf(status = 'open' AND arrayExists((s, d) -> s = 'breached' AND d > as_of - INTERVAL 1 DAY,
                                               clock.status, clock.deadline)) AS breached_today
FROM v_cases
WHERE process = {process:String}
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
SETTINGS priority = 1
