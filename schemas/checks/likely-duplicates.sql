-- title: Records that may be one: same kind, overlapping dates, similar title or the same people
-- level: warning
WITH pairs (table_name, a, b, shown) AS (
  SELECT 'meetings', a.id, b.id, b.title
  FROM meetings a JOIN meetings b ON a.id < b.id AND a.level = b.level
    AND b.date_earliest BETWEEN date(a.date_earliest, '-400 days') AND a.date_latest AND a.date_earliest <= b.date_latest
    AND julianday(a.date_latest) - julianday(a.date_earliest) < 32 AND julianday(b.date_latest) - julianday(b.date_earliest) < 32
  WHERE lower(a.title) = lower(b.title)
     OR (SELECT count(*) FROM participants p JOIN participants q ON q.person_id = p.person_id
         WHERE p.meeting_id = a.id AND q.meeting_id = b.id) >= 2
  UNION ALL
  SELECT 'agreements', a.id, b.id, b.title
  FROM agreements a JOIN agreements b ON a.id < b.id AND a.kind = b.kind
    AND a.date_earliest <= b.date_latest AND b.date_earliest <= a.date_latest
  WHERE (a.date = b.date AND length(a.date) = 10) OR lower(a.title) = lower(b.title)
  UNION ALL
  SELECT 'proposals', a.id, b.id, b.title
  FROM proposals a JOIN proposals b ON a.id < b.id
    AND a.date_earliest <= b.date_latest AND b.date_earliest <= a.date_latest
    AND (lower(a.title) = lower(b.title) OR a.meeting_id = b.meeting_id)
  JOIN proposers p ON p.proposal_id = a.id JOIN proposers q ON q.proposal_id = b.id AND q.person_id = p.person_id
  UNION ALL
  SELECT 'events', a.id, b.id, b.title
  FROM events a JOIN events b ON a.id < b.id AND a.kind = b.kind
    AND a.date_earliest <= b.date_latest AND b.date_earliest <= a.date_latest
  WHERE lower(a.title) = lower(b.title) OR (a.person_id = b.person_id AND length(a.date) = 10 AND a.date = b.date)
  UNION ALL
  SELECT 'people', a.id, b.id, b.name
  FROM people a JOIN people b ON a.id < b.id AND a.family_name = b.family_name AND a.party_id IS b.party_id
    AND (a.given_name IS NULL OR b.given_name IS NULL OR a.given_name = b.given_name)
  UNION ALL
  SELECT 'organisations', a.id, b.id, b.name FROM organisations a JOIN organisations b ON a.id < b.id AND lower(a.name) = lower(b.name)
  UNION ALL
  SELECT 'places', a.id, b.id, b.name FROM places a JOIN places b ON a.id < b.id AND lower(a.name) = lower(b.name)
  UNION ALL
  SELECT 'concepts', a.id, b.id, b.name FROM concepts a JOIN concepts b ON a.id < b.id
    AND (lower(a.name) = lower(b.name) OR lower(a.original_name) = lower(b.original_name))
  UNION ALL
  SELECT 'sources', a.id, b.id, b.title FROM sources a JOIN sources b ON a.id < b.id AND lower(a.citation) = lower(b.citation)
)
SELECT p.table_name, p.b, 'id', p.b, 'may be the same as ' || p.a || ' (' || p.shown || '); merge them, or tell them apart by a distinct-from or part-of link'
FROM (SELECT DISTINCT * FROM pairs) p
WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.relation IN ('distinct-from', 'part-of')
  AND ((l.from_id = p.a AND l.to_id = p.b) OR (l.from_id = p.b AND l.to_id = p.a)))
