-- What people did about alerts and exceptions, the newest first.
SELECT * FROM (
    SELECT toUnixTimestamp64Micro(at) AS at_us, toString(actor) AS actor, toString(action) AS did,
           concat('alert ', substring(alert_id, 1, 8), if(text = '', '', concat(': ', text))) AS what
    FROM v_alert_actions
    UNION ALL
    SELECT toUnixTimestamp64Micro(at) AS at_us, toString(actor) AS actor, toString(quality.what) AS did,
           concat('exception ', substring(finding_id, 1, 8), if(comment = '', '', concat(': ', comment))) AS what
    FROM v_quality_history AS quality WHERE actor != ''
)
ORDER BY at_us DESC
LIMIT 500
