-- title: A dated tenure covers its participant's meeting
SELECT 'participants', p.id, 'tenure_id', p.tenure_id, 'is dated ' || t.date || ' and does not cover the meeting of ' || m.date || '; name the capacity of that day'
FROM participants p JOIN tenures t ON t.id = p.tenure_id JOIN meetings m ON m.id = p.meeting_id
WHERE m.date_latest < t.date_earliest OR m.date_earliest > t.date_latest
