-- Every process the store knows, with its size, its newest event and whether simulated rows are in it.
SELECT process,
       count() AS cases,
       countIf(status = 'open') AS open,
       sum(events) AS events,
       toUnixTimestamp64Micro(min(first_time)) AS oldest_us,
       toUnixTimestamp64Micro(max(last_time)) AS newest_us,
       countIf(simulated = 1) AS simulated,
       any(feed) AS feed
FROM v_cases
GROUP BY process
ORDER BY process
