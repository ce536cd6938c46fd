-- Of the cases of every process that began since `since` (microseconds): how many ended, and with which outcome.
SELECT process, sum(cases) AS begun, sumIf(cases, outcome != '') AS ended, arraySort(groupArrayIf(outcome, outcome != '')) AS outcomes,
       arrayMap(o -> o.2, arraySort(groupArrayIf((outcome, cases), outcome != ''))) AS counts
FROM (
    SELECT toString(process) AS process, if(status = 'closed', toString(outcome), '') AS outcome, count() AS cases
    FROM v_cases WHERE first_time > fromUnixTimestamp64Micro({since:Int64}, 'UTC')
    GROUP BY process, outcome
)
GROUP BY process
ORDER BY process
