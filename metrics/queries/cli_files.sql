-- Files of watched folders, newest first. Empty `system`, `name` and `state` mean any.
SELECT toString(system) AS system, name, content, toString(state) AS state, reason, faulty, bytes, business_date, parts,
       rows, rows_declared, rows_mapped, rows_dead, totals, totals_declared, events, amounts, events_stored, amounts_stored,
       toString(`check`) AS `check`, corrects, superseded_by, removed, simulated, toUnixTimestamp64Micro(seen) AS seen_us,
       toUnixTimestamp64Micro(sent) AS sent_us, toUnixTimestamp64Micro(checked) AS checked_us, count() OVER () AS total
FROM v_files
WHERE ({system:String} = '' OR system = {system:String}) AND ({state:String} = '' OR state = {state:String})
  AND ({name:String} = '' OR name = {name:String} OR startsWith(content, {name:String}))
  AND (faulty = 1 OR NOT {only_faulty:Bool})
ORDER BY coalesce(sent, seen) DESC, system, name, content
LIMIT {limit:UInt32}
