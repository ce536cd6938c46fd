-- Published figures that changed, newest first; empty parameters choose nothing. `first_id` is '' where no case is known.
SELECT toString(figure) AS figure, toString(process) AS process, toString(name) AS name, toString(facility) AS facility,
       toString(currency) AS currency, toString(unit) AS unit, start, revision, toUnixTimestamp64Micro(noticed) AS noticed_us,
       before, after, arrayMap(c -> toString(c), causes) AS causes, cause_counts, changes, event_ids,
       arrayMap(c -> toString(c), case_processes) AS case_processes, case_ids, late_us, detail, simulated, count() OVER () AS total
FROM v_figure_restatements
WHERE noticed >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
  AND ({figures:Array(String)} = [] OR figure IN {figures:Array(String)})
  AND ({process:String} = '' OR process = {process:String})
  AND ({about:String} = '' OR name = {about:String})
  AND ({units:Array(String)} = [] OR unit IN {units:Array(String)})
  AND ({places:Array(String)} = [] OR facility IN {places:Array(String)})
  AND ({starts:Array(String)} = [] OR start IN {starts:Array(String)})
ORDER BY noticed DESC, figure, process, name, facility, currency, unit, start, revision DESC
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
