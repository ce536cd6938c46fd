-- The documents behind a number, newest first, one page of them: those of a stage in the period, narrowed as the page is ('?': not told).
SELECT toString(stage) AS stage, toString(document_type) AS document_type, document_id, line, toUnixTimestamp64Micro(time) AS time_us,
       toString(facility) AS facility, toString(department) AS department, toString(cost_center) AS cost_center, toString(supplier) AS supplier,
       toString(currency) AS currency, ifNull(toString(amount), '') AS amount, ifNull(toString(hours), '') AS hours, valued,
       case_processes[1] AS process, case_ids[1] AS case_id, count() OVER () AS total
FROM v_ledger
WHERE stage = {stage:String} AND time > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time <= fromUnixTimestamp64Micro({as_of:Int64}, 'UTC')
  AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
  AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
  AND ({cost_center:String} = '' OR cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
  AND ({legal_entity:String} = '' OR legal_entity = if({legal_entity:String} = '?', '', {legal_entity:String}))
  AND ({booked:String} = '' OR process = if({booked:String} = '?', '', {booked:String}))
  AND ({supplier:String} = '' OR supplier = if({supplier:String} = '?', '', {supplier:String}))
ORDER BY time_us DESC, document_id, line
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
