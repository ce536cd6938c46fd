-- What one case is expected to tell: what was not seen first, then what is awaited, by due.
SELECT toString(expectation) AS expectation, toString(status) AS status, toUnixTimestamp64Micro(since) AS since_us,
       toUnixTimestamp64Micro(due) AS due_us, toUnixTimestamp64Micro(seen) AS seen_us, toString(told_by) AS told_by,
       toString(owner) AS owner
FROM v_expectations
WHERE process = {process:String} AND case_id = {case_id:String}
ORDER BY v_expectations.status != 'unseen', v_expectations.status != 'awaited', due_us, expectation
LIMIT 200
