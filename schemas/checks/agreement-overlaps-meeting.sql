-- title: An agreement's date overlaps its meeting's
SELECT 'agreements', a.id, 'date', a.date, 'does not overlap the meeting''s, ' || m.date || '; mend one of the two, or the meeting'
FROM agreements a JOIN meetings m ON m.id = a.meeting_id
WHERE a.date_latest < m.date_earliest OR a.date_earliest > m.date_latest
UNION ALL
SELECT 'proposals', p.id, 'date', p.date, 'does not overlap the meeting''s, ' || m.date || '; mend one of the two, or the meeting'
FROM proposals p JOIN meetings m ON m.id = p.meeting_id
WHERE p.date_latest < m.date_earliest OR p.date_earliest > m.date_latest
UNION ALL
SELECT 'envoys', e.id, 'date', e.date, 'does not overlap the meeting''s, ' || m.date || '; mend one of the two, or the meeting'
FROM envoys e JOIN meetings m ON m.id = e.meeting_id
WHERE e.date_latest < m.date_earliest OR e.date_earliest > m.date_latest
