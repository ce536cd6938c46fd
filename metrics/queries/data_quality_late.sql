-- Events that came after a later one of their case: noticed in the day before the newest of them, in the day before that,
-- and all that are kept.
WITH (SELECT max(noticed) FROM v_late_events) AS newest
SELECT countIf(noticed > newest - INTERVAL 1 DAY) AS today,
       countIf(noticed > newest - INTERVAL 2 DAY AND noticed <= newest - INTERVAL 1 DAY) AS before, count() AS kept
FROM v_late_events
