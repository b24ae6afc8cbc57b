-- title: A document reaffirms, implements or builds on an earlier one
SELECT 'links', l.id, 'to_id', l.to_id, 'is later than ' || l.from_id || ', which cannot have come after it; turn the link round or mend a date'
FROM links l
JOIN timeline a ON a.id = l.from_id
JOIN timeline b ON b.id = l.to_id
WHERE l.relation IN ('reaffirms', 'implements', 'supersedes', 'builds-on', 'answers', 'repudiates', 'confirms', 'renounces', 'responds-to')
  AND a.date_latest < b.date_earliest
