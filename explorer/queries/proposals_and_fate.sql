-- title: Proposals and what became of them
-- description: Who offered what, when, at which meeting, and how it ended as far as a source tells.
SELECT
  p.id, coalesce(p.date, p.date_earliest) AS date, p.title,
  (SELECT group_concat(r.label, '; ') FROM proposers o JOIN records r ON r.id = o.id WHERE o.proposal_id = p.id) AS made_by,
  m.title AS at, s.label AS status, p.summary, p.outcome
FROM proposals p LEFT JOIN meetings m ON m.id = p.meeting_id LEFT JOIN terms s ON s.id = p.status
ORDER BY p.date_earliest, p.id
