-- title: Every meeting of two people, and what came of it
-- description: Give two people by id or by a name in any spelling; held, cancelled and planned meetings in which both have a part.
-- default one: hashimoto-ryutaro
-- default other: boris-yeltsin
WITH one AS (
  SELECT t.id FROM search JOIN search_texts t ON t.rowid = search.rowid
  WHERE search MATCH '{title names} : "' || replace(:one, '"', ' ') || '"' AND t.table_name = 'people'
), other AS (
  SELECT t.id FROM search JOIN search_texts t ON t.rowid = search.rowid
  WHERE search MATCH '{title names} : "' || replace(:other, '"', ' ') || '"' AND t.table_name = 'people'
)
SELECT DISTINCT
  m.id, m.date, m.title, pl.name AS place, s.label AS status, m.summary, m.outcome,
  (SELECT contested FROM records WHERE id = m.id) AS contested
FROM one CROSS JOIN participants a ON a.person_id = one.id
CROSS JOIN participants b ON b.meeting_id = a.meeting_id
CROSS JOIN meetings m ON m.id = a.meeting_id
LEFT JOIN places pl ON pl.id = m.place_id LEFT JOIN terms s ON s.id = m.status
WHERE b.person_id IN (SELECT id FROM other)
ORDER BY m.date_earliest
