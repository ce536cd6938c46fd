-- Messages that wait for their receivers, in the order in which they were made.
SELECT toString(receiver) AS receiver, group_key, number, message, told, attempts, toUnixTimestamp64Micro(created) AS created_us
FROM v_alert_messages WHERE state = 'queued' ORDER BY created, receiver, group_key, number
