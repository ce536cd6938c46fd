-- What a day did to the cases of one process, by the state they are in, their facility and department, judged by what is known now:
-- `was_breached` counts those that were open and breached a day before `as_of` (microseconds).
-- Narrowed where it is shown: facility, department.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     as_of - INTERVAL 1 DAY AS yesterday
SELECT toString(state) AS stage, toString(facility) AS of_facility, toString(department) AS of_department,
       countIf(status = 'open' AND has(clock.status, 'breached')) AS is_breached,
       countIf(first_time <= yesterday AND (status = 'open' OR state_since > yesterday)
               AND arrayExists((s, d) -> s = 'breached' AND d <= yesterday, clock.status, clock.deadline)) AS was_breached,
       countIf(status = 'open' AND arrayExists((s, d) -> s = 'breached' AND d > yesterday, clock.status, clock.deadline)) AS breached,
       sumIf(arrayCount((s, d) -> s = 'breached' AND d > yesterday, clock.status, clock.deadline), status = 'open') AS clocks_breached,
       countIf(status = 'open' AND arrayExists((s, r) -> s = 'at_risk' AND r > yesterday, clock.status, clock.at_risk_at)) AS at_risk,
       countIf(NOT arrayExists((s, e) -> s IN ('at_risk', 'breached') AND e IS NULL, clock.status, clock.stopped)
               AND arrayExists((s, r, e) -> s IN ('met', 'breached') AND e > yesterday AND r < e, clock.status, clock.at_risk_at, clock.stopped)) AS recovered,
       countIf(status = 'closed' AND last_time > yesterday) AS closed
FROM v_cases
WHERE process = {process:String}
  AND (status = 'open' OR last_time > yesterday)
GROUP BY stage, of_facility, of_department
ORDER BY stage, of_facility, of_department
