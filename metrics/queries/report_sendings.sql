-- Reports that were sent by themselves or wait to be, newest period first: of the group `report`, which names the report.
SELECT toString(receiver) AS receiver, group_key, number, toString(state) AS state, attempts, error,
       toUnixTimestamp64Micro(created) AS created_us, toUnixTimestamp64Micro(settled) AS settled_us
FROM v_alert_messages
WHERE startsWith(group_key, {group:String})
ORDER BY number DESC, created DESC
LIMIT {limit:UInt32}
