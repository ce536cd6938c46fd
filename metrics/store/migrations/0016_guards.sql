-- Guards: questions across systems and cases are facts (kind asked, beside the answers, kind did), their violations findings of
-- kind guard: domain is the process, field the guard (<process>/<name>), target the document (<type>/<id>).
ALTER TABLE quality_findings ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS severity LowCardinality(String) AFTER simulated; -- info | warning | critical; of other kinds ''
ALTER TABLE quality_findings ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS title LowCardinality(String) AFTER severity;     -- of the guard, as its definition says
ALTER TABLE quality_findings ${ON_CLUSTER} ADD COLUMN IF NOT EXISTS evidence String AFTER title;                     -- JSON list of event ids, the question first

-- status: open | acknowledged | resolved | healed. What people did counts for the episode they did it in.
CREATE OR REPLACE VIEW v_quality_findings ${ON_CLUSTER} AS
SELECT found.finding_id AS finding_id, kind, domain, if(assigned.new_owner = '', found.owner, assigned.new_owner) AS owner,
       found.owner AS domain_owner, subject_type, subject_id, field, target,
       tupleElement(told, 'system') AS `said.system`, tupleElement(told, 'object') AS `said.object`,
       tupleElement(told, 'value') AS `said.value`, arrayMap(at -> fromUnixTimestamp64Micro(at, 'UTC'), tupleElement(told, 'time')) AS `said.time`,
       arrayDistinct(`said.system`) AS systems, arrayDistinct(`said.object`) AS objects, detail, state,
       multiIf(state = 'healed', 'healed', decided.last_action IN ('resolved', 'acknowledged'), decided.last_action, 'open') AS status,
       found.opened AS opened, healed, episodes, proof, decided.last_actor AS actor, decided.acted AS acted,
       remark.last_comment AS comment, simulated, severity, title, JSONExtract(evidence, 'Array(String)') AS events
FROM (SELECT *, JSONExtract(said, 'Array(Tuple(system String, object String, value String, time Int64))') AS told
      FROM quality_findings FINAL WHERE withdrawn = 0) AS found
LEFT JOIN (SELECT finding_id, argMax(owner, (at, action_id)) AS new_owner FROM quality_actions FINAL
           WHERE action = 'assigned' GROUP BY finding_id) AS assigned ON assigned.finding_id = found.finding_id
LEFT JOIN (SELECT finding_id, opened, argMax(action, (at, action_id)) AS last_action,
                  argMax(actor, (at, action_id)) AS last_actor, max(at) AS acted FROM quality_actions FINAL
           WHERE action IN ('acknowledged', 'resolved', 'reopened') GROUP BY finding_id, opened) AS decided
       ON decided.finding_id = found.finding_id AND decided.opened = found.opened
LEFT JOIN (SELECT finding_id, argMax(comment, (at, action_id)) AS last_comment FROM quality_actions FINAL
           WHERE comment != '' GROUP BY finding_id) AS remark ON remark.finding_id = found.finding_id;

-- One row a violation of a guard and a case in which it was asked; without a case yet, case_id is ''.
CREATE VIEW v_guard_violations ${ON_CLUSTER} AS
SELECT finding_id, domain AS process, splitByChar('/', field)[2] AS guard, title, severity, owner,
       splitByChar('/', target)[1] AS document_type, substring(target, position(target, '/') + 1) AS document_id,
       subject_type, subject_id, steps.case_id AS case_id, detail, status, opened, healed, episodes, proof, events, simulated
FROM (SELECT * FROM v_quality_findings WHERE kind = 'guard') AS found
LEFT JOIN (SELECT process, event_id, case_id FROM case_events
           WHERE event_id IN (SELECT proof FROM quality_findings WHERE kind = 'guard')
           GROUP BY process, event_id, case_id HAVING argMax(withdrawn, version) = 0) AS steps
       ON steps.process = found.domain AND steps.event_id = found.proof;
