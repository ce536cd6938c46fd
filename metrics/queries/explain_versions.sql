-- The versions of a definition under which the cases of a process that had an event in a stretch of time stand, newest
-- first; `since` and `as_of` in microseconds.
SELECT c.definition_version AS version, d.hash AS hash, c.cases AS cases, c.open AS open
FROM (
    SELECT definition_version, count() AS cases, countIf(status = 'open') AS open
    FROM v_cases
    WHERE process = {process:String}
      AND last_time > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND first_time <= fromUnixTimestamp64Micro({as_of:Int64}, 'UTC')
      AND ({facility:String} = '' OR facility = {facility:String})
      AND ({department:String} = '' OR department = {department:String})
    GROUP BY definition_version
) AS c
LEFT JOIN (SELECT version, toString(any(hash)) AS hash FROM v_definitions WHERE process = {process:String} GROUP BY version) AS d
       ON d.version = c.definition_version
ORDER BY version DESC
