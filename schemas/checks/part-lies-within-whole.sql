-- title: A meeting or an act that is part of a meeting overlaps it in time
SELECT 'links', l.id, 'to_id', l.to_id, 'does not overlap ' || l.from_id || ' in time; mend a date or the link'
FROM links l JOIN timeline a ON a.id = l.from_id JOIN meetings b ON b.id = l.to_id
WHERE l.relation IN ('part-of', 'occurred-at') AND (a.date_latest < b.date_earliest OR b.date_latest < a.date_earliest)
