-- Clocks by SLA: decided in its window before `as_of` and in the window's last seventh, and the open ones now. The window has the
-- days of `sla_days` beside its name in `sla_names`, else `days`.
-- A breached clock of a case that still waits is in the window however long ago its deadline was.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     transform(sla, {sla_names:Array(String)}, {sla_days:Array(UInt32)}, {days:UInt32}) AS window_days,
     as_of - toIntervalDay(window_days) AS since,
     as_of - toIntervalHour(greatest(intDiv(window_days * 24, 7), 1)) AS recent,
     coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided
SELECT toString(sla) AS sla,
       countIf(status = 'met' AND decided > since) AS met,
       countIf(status = 'breached' AND (decided > since OR (case_status = 'open' AND stopped IS NULL))) AS breached,
       countIf(status = 'met' AND decided > recent) AS met_recently,
       countIf(status = 'breached' AND decided > recent) AS breached_recently,
       countIf(status = 'breached' AND case_status = 'open' AND stopped IS NULL) AS overdue,
       countIf(status = 'at_risk') AS at_risk,
       countIf(status IN ('running', 'paused')) AS running,
       quantileIf(0.5)(if({net:UInt8} = 1, net_us, gross_us), status IN ('met', 'breached') AND stopped > since) AS median_us,
       quantileIf(0.9)(if({net:UInt8} = 1, net_us, gross_us), status IN ('met', 'breached') AND stopped > since) AS p90_us,
       any(target_us) AS target_us
FROM v_clocks
WHERE process = {process:String}
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
GROUP BY sla
ORDER BY sla
