-- Guards that a case violates or violated: what its events asked, and what was wrong, the newest first.
SELECT finding_id, guard, title, severity, owner, document_type, document_id, subject_type, subject_id, detail, status,
       toUnixTimestamp64Micro(opened) AS opened_us, toUnixTimestamp64Micro(healed) AS healed_us, length(events) AS events
FROM v_guard_violations
WHERE process = {process:String} AND case_id = {case_id:String}
ORDER BY opened DESC, finding_id
LIMIT 200
