-- The last message of each group to each receiver: those after which something is still told to fire, and those made since
-- `since` (microseconds).
SELECT receiver, group_key, number, told, at_us
FROM (
    SELECT toString(receiver) AS receiver, group_key, number, told, toUnixTimestamp64Micro(created) AS at_us
    FROM v_alert_messages
    ORDER BY receiver, group_key, number DESC
    LIMIT 1 BY receiver, group_key
)
WHERE told != '{}' OR at_us > {since:Int64}
ORDER BY receiver, group_key
