-- Cases behind alerts that are not over (`alert` empty), or those behind one, whether they left or not.
SELECT alert_id, toString(process) AS process, case_id, toString(stage) AS stage, toString(sla) AS sla, amount,
       toString(currency) AS currency, toUnixTimestamp64Micro(joined) AS joined_us, toUnixTimestamp64Micro(left) AS left_us
FROM v_alert_cases
WHERE if({alert:String} = '', left IS NULL, alert_id = {alert:String})
ORDER BY alert_id, left IS NOT NULL, joined, process, case_id
LIMIT {limit:UInt32}
