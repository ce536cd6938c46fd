-- What the filters of data quality offer.
SELECT arraySort(groupUniqArrayArray(systems)) AS systems, arraySort(groupUniqArray(owner)) AS owners, arraySort(groupUniqArray(domain)) AS domains
FROM (
    SELECT arrayFilter(s -> s != '', arrayPushBack(systems, if(kind = 'guard', '', toString(target)))) AS systems, toString(owner) AS owner, toString(domain) AS domain
    FROM v_quality_findings
    UNION ALL
    SELECT [coalesce(nullIf({systems:Array(String)}[arrayFirstIndex(p -> startsWith(source, p) AND has(['', '/', '-', '_'], substring(source, length(p) + 1, 1)), {prefixes:Array(String)})], ''),
                       if(startsWith(source, '/'), splitByChar('/', source)[2], toString(source)))] AS systems, transform(toString(domain), {domains:Array(String)}, {owners:Array(String)}, '') AS owner, toString(domain) AS domain
    FROM v_contract_breaches
    UNION ALL
    SELECT [toString(system)] AS systems, '' AS owner, '' AS domain FROM v_file_exceptions
)
