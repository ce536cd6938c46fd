-- Everything that is known of one alert: the log, what people did, and the messages, in order of time.
SELECT at_us, what, receiver, route, code, detail, revision FROM (
    SELECT toUnixTimestamp64Micro(at) AS at_us, 'log' AS what, toString(receiver) AS receiver, toString(route) AS route,
           toString(code) AS code, reason AS detail, revision
    FROM v_alert_log WHERE alert_id = {alert:String}
    UNION ALL
    SELECT toUnixTimestamp64Micro(at) AS at_us, 'person' AS what, toString(actor) AS receiver, '' AS route,
           toString(action) AS code, text AS detail, revision
    FROM v_alert_actions WHERE alert_id = {alert:String}
    UNION ALL
    SELECT toUnixTimestamp64Micro(coalesce(settled, created)) AS at_us, 'message' AS what, toString(receiver) AS receiver,
           '' AS route, toString(state) AS code,
           concat('message ', message_id, if(error = '', '', concat(' after ', toString(attempts), ' attempts, last error: ', error))) AS detail,
           0 AS revision
    FROM v_alert_messages WHERE has(alert_ids, {alert:String})
)
ORDER BY at_us, what, receiver, code
LIMIT 1000
