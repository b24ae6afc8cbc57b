-- title: Meetings that did not take place
-- description: Cancelled, postponed, planned or only proposed meetings, with what hindered them and what made up for them.
SELECT
  m.id, m.date, m.title, s.label AS status, m.outcome,
  (SELECT group_concat(r.label, '; ') FROM links l JOIN records r ON r.id = l.from_id
    WHERE l.to_id = m.id AND l.relation = 'hindered') AS hindered_by,
  (SELECT group_concat(r.label, '; ') FROM links l JOIN records r ON r.id = l.to_id
    WHERE l.from_id = m.id AND l.relation = 'rescheduled-as') AS made_up_for_by
FROM meetings m JOIN terms s ON s.id = m.status
WHERE m.status IN ('cancelled', 'postponed', 'planned', 'proposed')
ORDER BY m.date_earliest
