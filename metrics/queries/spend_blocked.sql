-- Money held up: open cases whose SLA clock is breached, by process and by the clock that broke first, with what each case's own
-- document asked for. A document counts once, with its own case; money without a rate stays in its own currency.
SELECT process, sla, owner, count() AS cases, countIf(known = 0) AS untold, shown AS currency, toString(sum(money)) AS amount
FROM (
    SELECT c.process AS process, c.sla AS sla, c.owner AS owner, r.document_id != '' AND r.amount IS NOT NULL AS known, toString(r.currency) AS own,
           formatDateTime(r.time, '%Y-%m') AS month, toString(toYear(r.time)) AS year,
           indexOf({rate_keys:Array(String)}, concat(own, ' ', month)) AS by_month, indexOf({rate_keys:Array(String)}, concat(own, ' ', year)) AS by_year,
           if(own = {currency:String}, 0, if(by_month > 0, by_month, by_year)) AS rate, if(rate > 0, {currency:String}, own) AS shown,
           toDecimal256(ifNull(r.amount, 0), 9) AS plain,
           if(rate > 0, toDecimal256(round(plain * toDecimal256({rates:Array(String)}[rate], 12), 2), 9), plain) AS money
    FROM (
        SELECT toString(process) AS process, case_id, toString(owner) AS owner,
               arraySort(arrayFilter(x -> x.1 = 'breached', arrayZip(clock.status, clock.deadline, clock.name)))[1].3 AS sla
        FROM v_cases
        WHERE status = 'open' AND has(clock.status, 'breached')
          AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
          AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
          AND ({booked:String} = '' OR process = if({booked:String} = '?', '', {booked:String}))
    ) AS c
    LEFT JOIN (SELECT document_id, currency, amount, time FROM v_ledger WHERE stage = 'requested') AS r ON r.document_id = c.case_id
)
GROUP BY process, sla, owner, shown
ORDER BY cases DESC, process, sla, currency
