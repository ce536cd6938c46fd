-- Events noted since `since` (microseconds) that break their contracts, by source and owning domain.
SELECT toString(source) AS source, toString(domain) AS domain, uniqExact(event_id) AS events, uniqExact(type) AS types,
       min(simulated) AS simulated
FROM v_contract_breach_records
WHERE noted > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
GROUP BY source, domain
ORDER BY source, domain
