-- The cases that objects belong to, given as parallel lists of types and ids; open ones first.
SELECT process, case_id, status, if(status = 'closed', outcome, state) AS state,
       multiIf(has(clock.status, 'breached'), 'breached', has(clock.status, 'at_risk'), 'at_risk', has(clock.status, 'paused'), 'paused',
               has(clock.status, 'running'), 'running', has(clock.status, 'met'), 'met', '') AS sla,
       amount, currency, toUnixTimestamp64Micro(last_time) AS last_us, count() OVER () AS total
FROM v_cases
WHERE (process, case_id) IN (
    SELECT link_process, link_case
    FROM v_objects ARRAY JOIN link.process AS link_process, link.case_id AS link_case
    WHERE (object_type, object_id) IN arrayZip({types:Array(String)}, {ids:Array(String)}))
ORDER BY status = 'open' DESC, last_time DESC, process, case_id
LIMIT 50
