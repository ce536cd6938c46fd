-- The events of one file by currency, and how many of them are stored, with their money on either side.
WITH stored AS (
    SELECT event_id, argMin(amount, (origin, position)) AS amount, argMin(toString(currency), (origin, position)) AS currency
    FROM v_event_records
    WHERE event_id IN (SELECT event_id FROM v_file_events WHERE system = {system:String} AND content = {content:String})
    GROUP BY event_id
)
SELECT toString(f.currency) AS currency, count() AS events, countIf(s.event_id != '') AS stored,
       toString(sum(toDecimal128OrZero(f.amount, 6))) AS amount,
       toString(sumIf(toDecimal128OrZero(s.amount, 6), s.event_id != '' AND s.currency = f.currency)) AS amount_stored
FROM v_file_events AS f LEFT JOIN stored AS s ON s.event_id = f.event_id
WHERE f.system = {system:String} AND f.content = {content:String}
GROUP BY f.currency
ORDER BY currency
