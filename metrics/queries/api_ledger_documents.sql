-- Document lines of the ledger by key, those after one. '?' in a filter: not told. A case is named where the reader may see it.
SELECT toString(stage) AS stage, toString(document_type) AS document_type, document_id, line, toUnixTimestamp64Micro(time) AS time_us, labour,
       toString(legal_entity) AS legal_entity, toString(facility) AS facility, toString(department) AS department,
       toString(cost_center) AS cost_center, toString(supplier) AS supplier, toString(category) AS category, toString(currency) AS currency,
       ifNull(toString(amount), '') AS amount, ifNull(toString(hours), '') AS hours, valued,
       if((case_processes[1], case_ids[1]) IN (SELECT process, case_id FROM v_cases), toString(case_processes[1]), '') AS process,
       if((case_processes[1], case_ids[1]) IN (SELECT process, case_id FROM v_cases), case_ids[1], '') AS case_id, simulated
FROM v_ledger
WHERE (toString(v_ledger.stage), toString(v_ledger.document_type), document_id, line)
          > ({after_stage:String}, {after_type:String}, {after_id:String}, {after_line:String})
  AND ({stage:String} = '' OR v_ledger.stage = {stage:String})
  AND time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND time < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({facility:String} = '' OR v_ledger.facility = if({facility:String} = '?', '', {facility:String}))
  AND ({department:String} = '' OR v_ledger.department = if({department:String} = '?', '', {department:String}))
  AND ({cost_center:String} = '' OR v_ledger.cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
  AND ({supplier:String} = '' OR v_ledger.supplier = if({supplier:String} = '?', '', {supplier:String}))
ORDER BY stage, document_type, document_id, line
LIMIT {limit:UInt32}
