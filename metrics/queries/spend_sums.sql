-- Money and hours of the ledger by stage, month and one dimension (`cut`), in the period up to `as_of` and (`current` = 0) in the one
-- before it: as long a stretch from `before` on, which ends at `since` at the latest. Money is in the currency of the pages where there is a rate for its month or year, converted document by document and
-- rounded to cents there; the rest stays in its own. `untold` are documents without an amount.
WITH fromUnixTimestamp64Micro({since:Int64}, 'UTC') AS since
SELECT stage, labour, month, cut, shown AS currency, toUInt8(recent) AS current, count() AS documents, countIf(missing) AS untold,
       countIf(rate > 0) AS converted, toString(sum(money)) AS amount, toString(sum(lasting)) AS hours, max(played) AS simulated,
       arraySort(groupUniqArrayIf(own, rate > 0)) AS origins
FROM (
    SELECT stage, labour, formatDateTime(time, '%Y-%m') AS month, time > since AS recent, amount IS NULL AS missing, simulated AS played,
           toString(currency) AS own,
           indexOf({rate_keys:Array(String)}, concat(own, ' ', month)) AS by_month,
           indexOf({rate_keys:Array(String)}, concat(own, ' ', toString(toYear(time)))) AS by_year,
           if(own = {currency:String}, 0, if(by_month > 0, by_month, by_year)) AS rate,
           if(rate > 0, {currency:String}, own) AS shown,
           toDecimal256(ifNull(amount, 0), 9) AS plain,
           if(rate > 0, toDecimal256(round(plain * toDecimal256({rates:Array(String)}[rate], 12), 2), 9), plain) AS money,
           toDecimal256(ifNull(hours, 0), 4) AS lasting,
           multiIf({cut:String} = 'facility', facility, {cut:String} = 'department', department, {cut:String} = 'cost_center', cost_center,
                   {cut:String} = 'supplier', supplier, {cut:String} = 'process', process, {cut:String} = 'category', category,
                   {cut:String} = 'legal_entity', legal_entity, '') AS cut
    FROM v_ledger
    WHERE time > fromUnixTimestamp64Micro({before:Int64}, 'UTC') AND time <= fromUnixTimestamp64Micro({as_of:Int64}, 'UTC')
      AND (time > since OR time <= fromUnixTimestamp64Micro({before:Int64} + {as_of:Int64} - {since:Int64}, 'UTC'))
      AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
      AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
      AND ({cost_center:String} = '' OR cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
      AND ({legal_entity:String} = '' OR legal_entity = if({legal_entity:String} = '?', '', {legal_entity:String}))
      AND ({booked:String} = '' OR process = if({booked:String} = '?', '', {booked:String}))
      AND ({supplier:String} = '' OR supplier = if({supplier:String} = '?', '', {supplier:String}))
)
GROUP BY stage, labour, month, cut, shown, recent
ORDER BY stage, labour, month, cut, currency, current
