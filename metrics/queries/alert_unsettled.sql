-- Messages that wait for their receivers.
SELECT toString(receiver) AS receiver, count() AS messages, toUnixTimestamp64Micro(min(created)) AS oldest_us, any(error) AS error
FROM v_alert_messages WHERE state = 'queued' GROUP BY receiver ORDER BY receiver
