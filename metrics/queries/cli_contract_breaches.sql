-- Contracts that sources break: how often each, since when, and the newest event that did.
SELECT domain, source, type, code, member, events, detail, last_event,
       toUnixTimestamp64Micro(first) AS first_us, toUnixTimestamp64Micro(last) AS last_us
FROM v_contract_breaches
ORDER BY domain, source, type, code, member
LIMIT {limit:UInt32}
