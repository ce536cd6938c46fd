-- Dead letters taken in since `since` (microseconds), by source; those of paused sources were put aside on purpose.
SELECT from_source AS source, count() AS letters, topK(1)(why)[1] AS reason, min(is_simulated) AS simulated
FROM (
    SELECT toString(if(source = '', topic, source)) AS from_source, toString(reason) AS why, simulated AS is_simulated
    FROM v_dead_letters
    WHERE ingested > fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND reason != 'source_paused'
)
GROUP BY from_source
ORDER BY from_source
