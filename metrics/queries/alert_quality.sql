-- Exceptions of data quality that wait for somebody, by domain and owner; guards have alerts of their own.
SELECT toString(domain) AS domain, toString(owner) AS owner, count() AS findings, topK(1)(toString(kind))[1] AS kind, min(simulated) AS simulated
FROM v_quality_findings AS found
WHERE status = 'open' AND found.kind != 'guard'
GROUP BY domain, owner
ORDER BY domain, owner
