-- How the truth about one case was reached: late events, restatements and changes of clock status, newest first.
SELECT * FROM (
    SELECT 'late' AS kind, toUnixTimestamp64Micro(noticed) AS noticed_us, '' AS clock, '' AS old_status, '' AS new_status, event_id AS event_id,
           toUnixTimestamp64Micro(time) AS about_us, toInt64(0) AS old_net_us, toInt64(0) AS new_net_us, 'event' AS cause
    FROM v_late_events WHERE process = {process:String} AND case_id = {case_id:String}
    UNION ALL
    SELECT 'restated' AS kind, toUnixTimestamp64Micro(noticed) AS noticed_us, toString(clock) AS clock, toString(old_status) AS old_status,
           toString(new_status) AS new_status, event_id, toUnixTimestamp64Micro(noticed) AS about_us, old_net_us, new_net_us, toString(cause) AS cause
    FROM v_restatements WHERE process = {process:String} AND case_id = {case_id:String}
    UNION ALL
    SELECT 'transition' AS kind, toUnixTimestamp64Micro(noticed) AS noticed_us, toString(clock) AS clock, '' AS old_status, toString(status) AS new_status,
           '' AS event_id, toUnixTimestamp64Micro(at) AS about_us, toInt64(0) AS old_net_us, toInt64(0) AS new_net_us, toString(cause) AS cause
    FROM v_transitions WHERE process = {process:String} AND case_id = {case_id:String}
    UNION ALL
    SELECT 'expected' AS kind, toUnixTimestamp64Micro(noticed) AS noticed_us, toString(expectation) AS clock, '' AS old_status,
           toString(status) AS new_status, '' AS event_id, toUnixTimestamp64Micro(at) AS about_us, toInt64(0) AS old_net_us,
           toInt64(0) AS new_net_us, toString(cause) AS cause
    FROM v_expectation_transitions WHERE process = {process:String} AND case_id = {case_id:String}
    UNION ALL
    SELECT 'deviation' AS kind, toUnixTimestamp64Micro(noticed) AS noticed_us, concat(d.rule, '|', d.milestone) AS clock, toString(d.kind) AS old_status,
           toString(d.change) AS new_status, d.cause AS event_id, toUnixTimestamp64Micro(d.at) AS about_us, toInt64(0) AS old_net_us, toInt64(0) AS new_net_us,
           'event' AS cause
    FROM v_deviation_changes AS d WHERE process = {process:String} AND case_id = {case_id:String}
)
ORDER BY noticed_us DESC, kind
LIMIT 500
