-- Nightly files with their totals from source to store, those that somebody has to look at first.
SELECT toString(system) AS system, name, content, toString(state) AS state, reason, faulty, business_date, rows, rows_declared, rows_mapped,
       rows_dead, totals, totals_declared, events, amounts, events_stored, amounts_stored, toString(`check`) AS checked,
       toUnixTimestamp64Micro(seen) AS seen_us, simulated, count() OVER () AS total
FROM v_files
WHERE ({system:String} = '' OR system = {system:String})
  AND ({content:String} = '' OR content = {content:String} OR name = {content:String})
ORDER BY faulty DESC, coalesce(sent, seen) DESC, system, name, content
LIMIT 100
