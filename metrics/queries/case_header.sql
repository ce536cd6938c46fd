-- One case as it stands.
SELECT process, case_id, status, outcome, state, revision, definition_version,
       toUnixTimestamp64Micro(state_since) AS state_since_us,
       toUnixTimestamp64Micro(first_time) AS first_us,
       toUnixTimestamp64Micro(last_time) AS last_us,
       events, toString(variant) AS variant, facility, department, owner, amount, currency, attributes, simulated
FROM v_cases
WHERE process = {process:String} AND case_id = {case_id:String}
