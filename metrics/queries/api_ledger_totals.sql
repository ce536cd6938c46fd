-- Money and hours of the ledger by stage, month and one dimension (`by`), each currency for itself, after a key. '?' in a filter: not told.
SELECT stage, month, value, currency, count() AS documents, countIf(missing) AS untold, toString(sum(money)) AS amount,
       toString(sum(lasting)) AS hours, max(played) AS simulated
FROM (
    SELECT toString(v_ledger.stage) AS stage, formatDateTime(time, '%Y-%m') AS month, toString(v_ledger.currency) AS currency,
           v_ledger.amount IS NULL AS missing, toDecimal256(ifNull(v_ledger.amount, 0), 9) AS money,
           toDecimal256(ifNull(v_ledger.hours, 0), 4) AS lasting, v_ledger.simulated AS played,
           toString(multiIf({by:String} = 'facility', facility, {by:String} = 'department', department, {by:String} = 'cost_center', cost_center,
                            {by:String} = 'supplier', supplier, {by:String} = 'process', process, {by:String} = 'category', category,
                            {by:String} = 'legal_entity', legal_entity, '')) AS value
    FROM v_ledger
    WHERE time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
      AND ({stage:String} = '' OR v_ledger.stage = {stage:String})
      AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
      AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
      AND ({cost_center:String} = '' OR cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
      AND ({supplier:String} = '' OR supplier = if({supplier:String} = '?', '', {supplier:String}))
)
GROUP BY stage, month, value, currency
HAVING (stage, month, value, currency) > ({after_stage:String}, {after_month:String}, {after_value:String}, {after_currency:String})
ORDER BY stage, month, value, currency
LIMIT {limit:UInt32}
