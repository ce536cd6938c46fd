-- Decided clocks of objectives ('process/sla' in `objectives`, their windows in `days`) before `as_of` (microseconds), in order.
-- A breach is decided at its deadline, a met clock when it stopped. `overdue`: breached, and its case still waits; such a
-- clock counts however long ago its deadline was (`long_overdue` before the window; these are in no other column but the
-- money). `misses` has one sign a clock decided in the window, '1' for a miss, in the order of (decided, hash of the case).
-- `recent`, `recent_missed`: those decided in the last `hours` (four). `history` 0 leaves out cases of feeds that send their
-- history. Money is summed by currency first: a map of sums for each row costs more than all the rest. What has a rate is turned
-- into {currency:String} before that, case by case at the rate of the month or year in which it began, rounded to cents.
WITH fromUnixTimestamp64Micro({as_of:Int64}, 'UTC') AS as_of,
     arrayMap(hours -> as_of - toIntervalHour(hours), {hours:Array(UInt32)}) AS froms,
     arrayMap(days -> as_of - toIntervalDay(days), {days:Array(UInt32)}) AS begins,
     decided_clocks AS (
         SELECT process, sla, simulated, toString(currency) AS own, sipHash64(case_id) AS tie, clock_status = 'breached' AS failed,
                failed AND stopped IS NULL AND case_status = 'open' AS is_overdue,
                assumeNotNull(coalesce(if(failed, deadline, stopped), stopped)) AS decided,
                decided > transform(concat(process, '/', sla), {objectives:Array(String)}, begins, as_of) AS within,
                indexOf({rate_keys:Array(String)}, concat(own, ' ', formatDateTime(first_time, '%Y-%m'))) AS by_month,
                indexOf({rate_keys:Array(String)}, concat(own, ' ', toString(toYear(first_time)))) AS by_year,
                if(empty({rate_keys:Array(String)}) OR own = {currency:String}, 0, if(by_month > 0, by_month, by_year)) AS rate,
                if(rate > 0, {currency:String}, own) AS unit,
                if(amount = '', NULL, if(rate > 0,
                   toDecimal128(round(toDecimal256OrZero(amount, 6) * toDecimal256OrZero({rates:Array(String)}[rate], 12), 2), 6),
                   toDecimal128OrZero(amount, 6))) AS money
         FROM (
             SELECT process, case_id, simulated, amount, currency, first_time, cases.status AS case_status, sla, clock_status, stopped, deadline
             FROM v_cases AS cases
             ARRAY JOIN clock.name AS sla, clock.status AS clock_status, clock.stopped AS stopped, clock.deadline AS deadline
             WHERE (cases.status = 'open' OR last_time > arrayMin(begins))
               AND process IN arrayMap(one -> splitByChar('/', one)[1], {objectives:Array(String)})
               AND clock_status IN ('met', 'breached')
               AND ({facility:String} = '' OR facility = {facility:String})
               AND ({department:String} = '' OR department = {department:String})
               AND ({history:UInt8} = 1 OR feed NOT IN (SELECT feed FROM v_feeds WHERE phase IN ('backfill', 'end'))))
         WHERE has({objectives:Array(String)}, concat(process, '/', sla)) AND (within OR is_overdue)),
     by_currency AS (
         SELECT process, sla, simulated, unit, countIf(NOT failed) AS met,
                countIf(failed AND NOT is_overdue) AS missed, countIf(is_overdue) AS overdue, countIf(NOT within) AS long_overdue,
                groupArrayIf((decided, tie, failed), within) AS outcomes,
                [countIf(within AND decided > froms[1]), countIf(within AND decided > froms[2]),
                 countIf(within AND decided > froms[3]), countIf(within AND decided > froms[4])] AS recent,
                [countIf(failed AND within AND decided > froms[1]), countIf(failed AND within AND decided > froms[2]),
                 countIf(failed AND within AND decided > froms[3]), countIf(failed AND within AND decided > froms[4])] AS recent_missed,
                count(money) AS priced, sum(money) AS total, sumIf(money, failed) AS lost
         FROM decided_clocks
         GROUP BY process, sla, simulated, unit)
SELECT process, sla, simulated, met, missed, overdue, long_overdue, misses, recent, recent_missed, sums.1 AS currencies,
       sums.2 AS money, sums.3 AS money_missed
FROM (
    SELECT toString(process) AS process, toString(sla) AS sla, simulated, sum(b.met) AS met, sum(b.missed) AS missed, sum(b.overdue) AS overdue,
           sum(b.long_overdue) AS long_overdue,
           arrayStringConcat(arrayMap(one -> toString(one.3), arraySort(arrayFlatten(groupArray(outcomes))))) AS misses,
           sumForEach(b.recent) AS recent, sumForEach(b.recent_missed) AS recent_missed,
           arraySort(groupArrayIf((unit, toString(ifNull(total, 0)), toString(ifNull(lost, 0))), priced > 0)) AS sums
    FROM by_currency AS b
    GROUP BY process, sla, simulated)
ORDER BY process, sla, simulated
