-- title: Uses of each tactic, and how they ended
-- description: One row a use: when, by which side, at which meeting, mission or proposal, and the source's verdict on it and on the tactic.
SELECT
  t.name AS tactic, tv.label AS verdict_on_tactic, u.id, coalesce(u.date, u.date_earliest) AS date, p.name AS side,
  r.label AS at, u.summary, uv.label AS verdict_on_use
FROM tactic_uses u JOIN tactics t ON t.id = u.tactic_id
LEFT JOIN parties p ON p.id = u.party_id LEFT JOIN records r ON r.id = u.record_id
LEFT JOIN terms tv ON tv.id = t.verdict LEFT JOIN terms uv ON uv.id = u.verdict
ORDER BY t.name, u.date_earliest
