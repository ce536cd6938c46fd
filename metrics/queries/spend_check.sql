-- The other way to the same totals: the documents of each stage in the period, each once, and their own amounts by their own currency.
SELECT toString(stage) AS stage, count() AS documents, mapKeys(sumMap(map(toString(currency), toDecimal128(ifNull(amount, 0), 9))) AS money) AS currencies,
       arrayMap(a -> toString(a), mapValues(money)) AS amounts
FROM v_ledger
WHERE time > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time <= fromUnixTimestamp64Micro({as_of:Int64}, 'UTC')
  AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
  AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
  AND ({cost_center:String} = '' OR cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
  AND ({legal_entity:String} = '' OR legal_entity = if({legal_entity:String} = '?', '', {legal_entity:String}))
  AND ({booked:String} = '' OR process = if({booked:String} = '?', '', {booked:String}))
  AND ({supplier:String} = '' OR supplier = if({supplier:String} = '?', '', {supplier:String}))
GROUP BY stage
ORDER BY stage
