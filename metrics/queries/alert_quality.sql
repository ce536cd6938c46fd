-- Exceptions of data quality that wait for somebody, by domain and owner.
SELECT toString(domain) AS domain, toString(owner) AS owner, count() AS findings, topK(1)(toString(kind))[1] AS kind, min(simulated) AS simulated
FROM v_quality_findings
WHERE status = 'open'
GROUP BY domain, owner
ORDER BY domain, owner
