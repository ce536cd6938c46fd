-- How many cases of a process, with an event since an instant (microseconds), go as their definition says.
SELECT count() AS cases, countIf(empty(deviation.kind)) AS conforming,
       countIf(status = 'closed') AS ended, countIf(status = 'closed' AND empty(deviation.kind)) AS ended_conforming
FROM v_cases
WHERE process = {process:String} AND conformance_rules > 0
  AND last_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
