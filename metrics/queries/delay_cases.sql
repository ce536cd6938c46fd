-- Cases of one process whose ledger is kept, with the texts of their clocks' pauses: those in `case_ids`, or, when that is
-- empty, the newest {sample:UInt32} that were under way since `since` (microseconds), closed or open. `total` counts all of
-- them. A closed case ends when it reached its outcome.
SELECT case_id, toUInt32(definition_version) AS definition_version, status, toUnixTimestamp64Micro(first_time) AS first_us,
       if(status = 'closed', toUnixTimestamp64Micro(state_since), toUnixTimestamp64Micro(last_time)) AS last_us,
       arrayMap(n -> toString(n), clock.name) AS clocks, arrayMap(t -> toUnixTimestamp64Micro(t), clock.started) AS started_us,
       arrayMap(t -> toUnixTimestamp64Micro(t), clock.stopped) AS stopped_us, arrayMap(s -> toString(s), clock.status) AS clock_statuses,
       clock.gross_us AS gross_us, clock.pauses AS pauses, count() OVER () AS total
FROM v_cases
WHERE process = {process:String}
  AND if(empty({case_ids:Array(String)}), last_time > fromUnixTimestamp64Micro({since:Int64}, 'UTC'), case_id IN {case_ids:Array(String)})
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
ORDER BY last_time DESC, case_id
LIMIT {sample:UInt32}
