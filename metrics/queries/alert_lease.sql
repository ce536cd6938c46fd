-- Who evaluates, and how many microseconds ago it was last seen, by the store's own clock.
SELECT epoch, holder, released, toUnixTimestamp64Micro(now64(6, 'UTC')) - toUnixTimestamp64Micro(seen) AS age_us
FROM v_alert_leases ORDER BY epoch DESC, holder LIMIT 1
