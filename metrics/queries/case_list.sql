-- Cases behind a number, one page of them. `list` is a condition by name; `sort` is one of the columns below, `down` its way.
-- `ids` narrows to given cases (from a search) when `by_ids` is 1; `interface` to cases whose traces called it in the last
-- `interface_days` days.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     as_of - INTERVAL 1 DAY AS yesterday,
     as_of - toIntervalDay({interface_days:UInt32}) AS called,
     arrayMin(arrayFilter(d -> d IS NOT NULL, arrayMap((d, s) -> if(s IN ('running', 'at_risk', 'breached'), d, NULL), clock.deadline, clock.status))) AS next_deadline
SELECT process, case_id, status, if(status = 'closed', outcome, state) AS state, facility, department, owner, amount, currency,
       multiIf(has(clock.status, 'breached'), 'breached', has(clock.status, 'at_risk'), 'at_risk', has(clock.status, 'paused'), 'paused',
               has(clock.status, 'running'), 'running', has(clock.status, 'met'), 'met', '') AS sla,
       toUnixTimestamp64Micro(first_time) AS first_us, toUnixTimestamp64Micro(last_time) AS last_us, events,
       toUnixTimestamp64Micro(next_deadline) AS deadline_us, count() OVER () AS total
FROM v_cases
WHERE ({by_ids:UInt8} = 1 OR process = {process:String})
  AND ({by_ids:UInt8} = 0 OR (process, case_id) IN arrayZip({id_processes:Array(String)}, {ids:Array(String)}))
  AND ({facility:String} = '' OR facility = {facility:String})
  AND ({department:String} = '' OR department = {department:String})
  AND ({state:String} = '' OR has(splitByString(' + ', state), {state:String})
       OR (state = '' AND milestone.name[indexOf(milestone.last, arrayMax(milestone.last))] = {state:String}))
  AND ({sla:String} = '' OR has(clock.name, {sla:String}))
  AND ({clock:String} = '' OR arrayExists((n, s) -> s = {clock:String} AND ({sla:String} = '' OR n = {sla:String}), clock.name, clock.status))
  AND multiIf({list:String} = '', 1,
              {list:String} = 'open', status = 'open',
              {list:String} = 'closed', status = 'closed',
              {list:String} = 'breached', status = 'open' AND has(clock.status, 'breached'),
              {list:String} = 'at_risk', status = 'open' AND has(clock.status, 'at_risk') AND NOT has(clock.status, 'breached'),
              {list:String} = 'opened_today', first_time > yesterday,
              {list:String} = 'closed_today', status = 'closed' AND last_time > yesterday,
              {list:String} = 'breached_today', status = 'open' AND arrayExists((s, d) -> s = 'breached' AND d > yesterday, clock.status, clock.deadline),
              {list:String} = 'at_risk_today', status = 'open' AND arrayExists((s, r) -> s = 'at_risk' AND r > yesterday, clock.status, clock.at_risk_at),
              {list:String} = 'recovered_today', NOT arrayExists((s, e) -> s IN ('at_risk', 'breached') AND e IS NULL, clock.status, clock.stopped)
                  AND arrayExists((s, r, e) -> s IN ('met', 'breached') AND e > yesterday AND r < e, clock.status, clock.at_risk_at, clock.stopped),
              {list:String} = 'conforming', status = 'closed' AND conformance_rules > 0 AND empty(deviation.kind),
              {list:String} = 'astray', status = 'open' AND notEmpty(deviation.kind),
              {list:String} = 'deviating', notEmpty(deviation.kind),
              0)
  AND ({deviation:String} = '' OR arrayExists((k, r) -> concat(k, ': ', r) = {deviation:String}, deviation.kind, deviation.rule))
  AND last_time >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')
  AND ({interface:String} = '' OR case_id IN (
          SELECT case_id FROM (
              SELECT case_id, withdrawn FROM v_case_trace_records
              WHERE process = {process:String} AND time > called - INTERVAL 1 DAY
                AND trace_id IN (SELECT trace_id FROM v_call_records WHERE interface = {interface:String} AND start > called)
              ORDER BY version DESC LIMIT 1 BY case_id, event_id)
          WHERE withdrawn = 0
          UNION ALL
          SELECT link_case FROM v_objects ARRAY JOIN link.process AS link_process, link.case_id AS link_case
          WHERE link_process = {process:String} AND (object_type, object_id) IN (
              SELECT object_type, object_id FROM v_trace_objects WHERE start > called - INTERVAL 1 HOUR
                AND trace_id IN (SELECT trace_id FROM v_call_records WHERE interface = {interface:String} AND start > called))))
ORDER BY multiIf({sort:String} = 'case', case_id, {sort:String} = 'state', toString(state), {sort:String} = 'facility', toString(facility),
                 {sort:String} = 'department', toString(department), {sort:String} = 'owner', toString(owner), {sort:String} = 'sla', sla, '') ASC,
         multiIf({sort:String} = '-case', case_id, {sort:String} = '-state', toString(state), {sort:String} = '-facility', toString(facility),
                 {sort:String} = '-department', toString(department), {sort:String} = '-owner', toString(owner), {sort:String} = '-sla', sla, '') DESC,
         multiIf({sort:String} = 'started', first_us, {sort:String} = '-started', -first_us, {sort:String} = 'last', last_us, {sort:String} = '-last', -last_us,
                 {sort:String} = 'events', toInt64(events), {sort:String} = '-events', -toInt64(events),
                 {sort:String} = 'deadline', coalesce(deadline_us, 9000000000000000000), {sort:String} = '-deadline', -coalesce(deadline_us, -9000000000000000000),
                 coalesce(deadline_us, 9000000000000000000)),
         case_id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
