-- Positions that are open at `as_of`, whenever they came to be, by one dimension (`cut`) and by their department, which has a cost.
SELECT multiIf({cut:String} = 'department', department, {cut:String} = 'legal_entity', legal_entity, {cut:String} = 'cost_center', cost_center,
               facility) AS cut,
       toString(department) AS department, count() AS positions
FROM v_ledger
WHERE stage = 'vacant' AND time <= fromUnixTimestamp64Micro({as_of:Int64}, 'UTC')
  AND ({facility:String} = '' OR facility = if({facility:String} = '?', '', {facility:String}))
  AND ({department:String} = '' OR department = if({department:String} = '?', '', {department:String}))
  AND ({cost_center:String} = '' OR cost_center = if({cost_center:String} = '?', '', {cost_center:String}))
  AND ({legal_entity:String} = '' OR legal_entity = if({legal_entity:String} = '?', '', {legal_entity:String}))
GROUP BY cut, department
ORDER BY cut, department
