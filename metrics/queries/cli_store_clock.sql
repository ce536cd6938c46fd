-- The store's version and time.
SELECT version() AS version, toUnixTimestamp64Micro(now64(6, 'UTC')) AS now_us
