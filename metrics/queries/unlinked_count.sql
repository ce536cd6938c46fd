-- Events that no case claims yet, of all events.
SELECT count() AS unlinked, (SELECT uniqExact(event_id) FROM v_events) AS events
FROM v_unlinked
