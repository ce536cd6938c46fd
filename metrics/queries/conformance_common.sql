-- The ways in which cases of a process, with an event since an instant (microseconds), deviate; the most common first.
SELECT toString(found.1) AS kind, toString(found.2) AS rule, toString(found.3) AS milestone,
       uniqExact(case_id) AS cases, sum(found.4) AS count, toUnixTimestamp64Micro(max(found.5)) AS newest_us
FROM (
    SELECT case_id, arrayJoin(arrayZip(deviation.kind, deviation.rule, deviation.milestone, deviation.count, deviation.at)) AS found
    FROM v_cases
    WHERE process = {process:String} AND last_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
      AND ({facility:String} = '' OR facility = {facility:String})
      AND ({department:String} = '' OR department = {department:String})
)
GROUP BY kind, rule, milestone
ORDER BY cases DESC, kind, rule, milestone
LIMIT 50
