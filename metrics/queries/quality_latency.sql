-- How fast changes of systems of record reach their targets.
SELECT domain, subject_type, field_group, system, target, simulated, accepted_us, changes, pending, missing, late, decided,
       share_within, median_us, p90_us
FROM v_quality_latency
ORDER BY domain, subject_type, field_group, target, system, simulated
