-- title: Who carried messages between whom
-- description: Every mission and channel: who sent, who went, whose word, to whom, what was carried and what came of it.
SELECT
  e.id, e.date, coalesce(s.label, o.label) AS sent_by, r.label AS mission, w.label AS word_of, c.label AS addressed_to,
  k.label AS kind, e.message, e.outcome, v.label AS verdict
FROM envoys e JOIN records r ON r.id = e.id
LEFT JOIN records s ON s.id = e.principal_id LEFT JOIN records o ON o.id = e.principal_organisation_id
LEFT JOIN records w ON w.id = e.message_from_id LEFT JOIN records c ON c.id = e.counterpart_id
LEFT JOIN terms k ON k.id = e.kind LEFT JOIN terms v ON v.id = e.verdict
ORDER BY coalesce(e.date_earliest, e.date_latest), e.id
