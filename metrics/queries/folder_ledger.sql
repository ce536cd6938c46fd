-- The whole ledger of watched folders, for the program that keeps it (the settled rows and versions too, so not from a view).
SELECT toString(system) AS system, name, content, version, toString(state) AS state, reason, faulty, bytes, business_date, parts,
       rows, rows_declared, rows_mapped, rows_dead, totals, totals_declared, events, amounts, events_stored, amounts_stored,
       toString(`check`) AS `check`, corrects, superseded_by, removed, simulated, toUnixTimestamp64Micro(seen) AS seen_us,
       toUnixTimestamp64Micro(sent) AS sent_us, toUnixTimestamp64Micro(checked) AS checked_us
FROM files FINAL
