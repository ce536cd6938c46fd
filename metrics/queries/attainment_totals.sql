-- Clocks decided in the window of `days` before `as_of`, and in the window before that one.
-- A breach is decided at its deadline, whether or not the case is still open; the rest when it stopped.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     as_of - toIntervalDay({days:UInt32}) AS since,
     since - toIntervalDay({days:UInt32}) AS before,
     coalesce(if(status = 'breached', deadline, stopped), stopped) AS decided
SELECT countIf(status = 'met' AND decided > since) AS met,
       countIf(status = 'breached' AND decided > since) AS breached,
       countIf(status = 'met' AND decided <= since) AS met_before,
       countIf(status = 'breached' AND decided <= since) AS breached_before
FROM v_clocks
WHERE process = {process:String}
  AND status IN ('met', 'breached')
  AND decided > before AND decided <= as_of
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
SETTINGS priority = 1
