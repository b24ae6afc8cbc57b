-- title: A meeting that is part of another overlaps it in time
SELECT 'links', l.id, 'to_id', l.to_id, 'does not overlap ' || l.from_id || ' in time; mend a date or the link'
FROM links l JOIN meetings a ON a.id = l.from_id JOIN meetings b ON b.id = l.to_id
WHERE l.relation = 'part-of' AND (a.date_latest < b.date_earliest OR b.date_latest < a.date_earliest)
