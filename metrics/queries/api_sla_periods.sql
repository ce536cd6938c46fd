-- The clocks of one SLA decided in a window, by facility and period (`unit`: day, week from Monday, month; UTC). A breach is decided at
-- its deadline, the rest when they stopped. Times in microseconds; the quantiles are of net time.
WITH coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided
SELECT toString(facility) AS facility,
       toInt64(toUnixTimestamp(toDateTime(multiIf({unit:String} = 'month', toStartOfMonth(decided), {unit:String} = 'week', toStartOfWeek(decided, 1),
                                                  toDate(decided)), 'UTC'))) * 1000000 AS start_us,
       countIf(status = 'met') AS met, countIf(status = 'breached') AS breached,
       quantile(0.5)(net_us) AS median_us, quantile(0.9)(net_us) AS p90_us
FROM v_clocks
WHERE process = {process:String} AND sla = {sla:String} AND status IN ('met', 'breached')
  AND decided >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') AND decided < fromUnixTimestamp64Micro({until:Int64}, 'UTC')
  AND ({facility:String} = '' OR facility = {facility:String})
GROUP BY facility, start_us
ORDER BY start_us, facility
