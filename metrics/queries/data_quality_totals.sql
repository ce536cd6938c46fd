-- How many exceptions of data quality there are by kind, domain and owner: those that need work, those that came up in the
-- day before `as_of` (microseconds) and in the day before that, and since when the oldest one waits.
-- A breach of a contract needs work while it was seen within 7 days; its domain's owner is looked up in `domains`, `owners`.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of
SELECT kind, domain, owner, countIf(waits) AS open, countIf(acknowledged) AS acknowledged,
       countIf(opened > as_of - INTERVAL 1 DAY) AS today,
       countIf(opened > as_of - INTERVAL 2 DAY AND opened <= as_of - INTERVAL 1 DAY) AS before,
       countIf(healed > as_of - INTERVAL 1 DAY) AS healed_today, count() AS everything,
       toUnixTimestamp64Micro(minIf(opened, waits)) AS oldest_us
FROM (
    SELECT toString(kind) AS kind, toString(domain) AS domain, toString(owner) AS owner, status IN ('open', 'acknowledged') AS waits,
           status = 'acknowledged' AS acknowledged, opened, healed
    FROM v_quality_findings
    UNION ALL
    SELECT 'contract' AS kind, toString(domain) AS domain, transform(toString(domain), {domains:Array(String)}, {owners:Array(String)}, '') AS owner,
           last > as_of - INTERVAL 7 DAY AS waits, 0 AS acknowledged, first AS opened, NULL AS healed
    FROM v_contract_breaches
    UNION ALL
    SELECT 'file' AS kind, '' AS domain, '' AS owner, 1 AS waits, 0 AS acknowledged, seen AS opened, NULL AS healed
    FROM v_file_exceptions
)
GROUP BY kind, domain, owner
ORDER BY domain, owner, kind
