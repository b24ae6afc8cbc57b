-- title: A cause, preparation or replacement does not come after what it led to
SELECT 'links', l.id, 'to_id', l.to_id, 'was over before ' || l.from_id || ' began; turn the link round or mend a date'
FROM links l
JOIN timeline a ON a.id = l.from_id
JOIN timeline b ON b.id = l.to_id
WHERE (l.relation IN ('prepared', 'caused', 'led-to', 'produced', 'rescheduled-as')
    -- an offer or a text can be hindered long after it was made
    OR (l.relation = 'hindered' AND b.table_name IN ('meetings', 'events')))
  AND b.date_latest < a.date_earliest
