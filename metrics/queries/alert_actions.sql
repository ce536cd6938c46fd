-- What people did about alerts that are not over, or about one.
SELECT alert_id, toUnixTimestamp64Micro(at) AS at_us, toString(action) AS action, toString(actor) AS actor, text, revision
FROM v_alert_actions
WHERE alert_id = {alert:String} OR ({alert:String} = '' AND alert_id IN (SELECT alert_id FROM v_alerts WHERE status != 'resolved'))
ORDER BY at, action
