-- title: Summits
-- description: Meetings at the level of leaders, held or not, with the participants of each side spelt out.
-- column id: The meeting's id.
-- column title: A short name for the meeting.
-- column date: When it took place or was to take place; EDTF.
-- column date_earliest: The first day that the date can mean.
-- column date_latest: The last day that the date can mean.
-- column place: Where it took place, or was to.
-- column format: The setting of the meeting.
-- column status: What became of the meeting as it was announced.
-- column japanese_side: Who took part for Japan.
-- column other_side: Who took part for the other parties, with the party.
-- column occasion: The multilateral event on whose sidelines they met.
-- column summary: What it was about.
-- column outcome: What came of it.
-- column contested: Whether an open disagreement touches the meeting or a row that hangs on it.
SELECT
  m.id, m.title, m.date, m.date_earliest, m.date_latest,
  (SELECT name FROM places WHERE id = m.place_id) AS place,
  (SELECT label FROM terms WHERE id = m.format) AS format,
  (SELECT label FROM terms WHERE id = m.status) AS status,
  (SELECT group_concat(r.label, '; ') FROM participants p JOIN records r ON r.id = p.id
    WHERE p.meeting_id = m.id AND p.party_id = 'japan') AS japanese_side,
  (SELECT group_concat(r.label || coalesce(' (' || q.name || ')', ''), '; ')
    FROM participants p JOIN records r ON r.id = p.id LEFT JOIN parties q ON q.id = p.party_id
    WHERE p.meeting_id = m.id AND p.party_id IS NOT 'japan') AS other_side,
  m.occasion, m.summary, m.outcome,
  (SELECT contested FROM records WHERE id = m.id) AS contested
FROM meetings m
WHERE m.level = 'leaders'
ORDER BY m.date_earliest, m.id
