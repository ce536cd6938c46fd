-- The newest answer why each alert that is not over went out or did not, by receiver and route.
SELECT alert_id, toString(l.receiver) AS receiver, toString(l.route) AS route, argMax(toString(l.code), at) AS code, argMax(l.revision, at) AS revision
FROM v_alert_log AS l
WHERE alert_id IN (SELECT alert_id FROM v_alerts WHERE status != 'resolved') AND (l.receiver != '' OR l.code = 'no_route')
GROUP BY alert_id, l.receiver, l.route
