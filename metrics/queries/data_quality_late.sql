-- Events that came after a later one of their case: overtaken in the day before the newest such, in the day before that (by
-- the time of the event that overtook them, so that a history read in an hour is not an hour's lateness), and all kept.
WITH (SELECT max(case_time) FROM v_late_events) AS newest
SELECT countIf(case_time > newest - INTERVAL 1 DAY) AS today,
       countIf(case_time > newest - INTERVAL 2 DAY AND case_time <= newest - INTERVAL 1 DAY) AS before, count() AS kept
FROM v_late_events
