-- How often each alert has fired and been resolved.
SELECT alert_id, revision FROM v_alerts
