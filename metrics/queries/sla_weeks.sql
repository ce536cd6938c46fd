-- Attainment by facility and week (the date of its Monday, as microseconds): clocks met and breached by the week
-- of the zone `zone` in which they were decided.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided
SELECT if(facility = '', 'all', toString(facility)) AS facility,
       toInt64(toUnixTimestamp(toDateTime(toStartOfWeek(decided, 1, {zone:String}), 'UTC'))) * 1000000 AS week_us,
       countIf(status = 'met') AS met,
       countIf(status = 'breached') AS breached
FROM v_clocks
WHERE process = {process:String} AND status IN ('met', 'breached')
  AND decided > as_of - toIntervalDay({days:UInt32}) AND decided <= as_of
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
  AND ({sla:String} = '' OR sla = {sla:String})
GROUP BY facility, week_us
ORDER BY facility, week_us
