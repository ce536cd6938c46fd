-- Events that a superseded file had and its correction has no more.
SELECT event_id, row, toString(type) AS type, subject, amount, toString(currency) AS currency, count() OVER () AS total
FROM v_file_events
WHERE system = {system:String} AND content = {old:String}
  AND event_id NOT IN (SELECT event_id FROM v_file_events WHERE system = {system:String} AND content = {new:String})
ORDER BY row, event_id
LIMIT {limit:UInt32}
