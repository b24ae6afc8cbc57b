-- title: Records that may be one: same kind, overlapping dates, similar title or the same people
-- level: warning
WITH
  -- every join below is on an equality, so that the check stays fast when the tables grow
  titled (table_name, id, shown, title, kind, earliest, latest) AS MATERIALIZED (
    SELECT 'meetings', id, title, lower(title), level, date_earliest, date_latest FROM meetings
    UNION ALL SELECT 'agreements', id, title, lower(title), kind, date_earliest, date_latest FROM agreements
    UNION ALL SELECT 'proposals', id, title, lower(title), '', date_earliest, date_latest FROM proposals
    UNION ALL SELECT 'events', id, title, lower(title), kind, date_earliest, date_latest FROM events
    UNION ALL SELECT 'organisations', id, name, lower(name), '', '0', '9' FROM organisations
    UNION ALL SELECT 'places', id, name, lower(name), '', '0', '9' FROM places
    UNION ALL SELECT 'concepts', id, name, lower(name), '', '0', '9' FROM concepts
    UNION ALL SELECT 'concepts', id, name, lower(original_name), '', '0', '9' FROM concepts WHERE original_name IS NOT NULL
    UNION ALL SELECT 'sources', id, title, lower(citation), '', '0', '9' FROM sources),
  attended (person_id, level, id, title, earliest, latest) AS MATERIALIZED (
    SELECT p.person_id, m.level, m.id, m.title, m.date_earliest, m.date_latest
    FROM meetings m JOIN participants p ON p.meeting_id = m.id
    WHERE julianday(m.date_latest) - julianday(m.date_earliest) < 32),
  pairs (table_name, a, b, shown) AS (
    SELECT a.table_name, a.id, b.id, b.shown
    FROM titled a JOIN titled b ON b.title = a.title AND b.table_name = a.table_name AND b.kind = a.kind AND a.id < b.id
    WHERE a.earliest <= b.latest AND b.earliest <= a.latest
    UNION
    SELECT 'meetings', a.id, b.id, b.title
    FROM attended a JOIN attended b ON b.person_id = a.person_id AND b.level = a.level AND a.id < b.id
    WHERE a.earliest <= b.latest AND b.earliest <= a.latest
    GROUP BY a.id, b.id HAVING count(*) >= 2
    UNION
    SELECT 'agreements', a.id, b.id, b.title
    FROM agreements a JOIN agreements b ON b.date = a.date AND b.kind = a.kind AND a.id < b.id
    WHERE length(a.date) = 10
    UNION
    SELECT 'proposals', a.id, b.id, b.title
    FROM proposers p JOIN proposers q ON q.person_id = p.person_id AND p.proposal_id < q.proposal_id
    JOIN proposals a ON a.id = p.proposal_id JOIN proposals b ON b.id = q.proposal_id AND b.meeting_id = a.meeting_id
    UNION
    SELECT 'events', a.id, b.id, b.title
    FROM events a JOIN events b ON b.person_id = a.person_id AND b.date = a.date AND b.kind = a.kind AND a.id < b.id
    WHERE length(a.date) = 10
    UNION
    SELECT 'people', a.id, b.id, b.name
    FROM people a JOIN people b ON b.family_name = a.family_name AND +a.id < +b.id AND +b.party_id IS +a.party_id
    WHERE a.given_name IS NULL OR b.given_name IS NULL OR a.given_name = b.given_name
  )
SELECT p.table_name, p.b, 'id', p.b, 'may be the same as ' || p.a || ' (' || p.shown || '); merge them, or tell them apart by a distinct-from or part-of link'
FROM pairs p
WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.relation IN ('distinct-from', 'part-of') AND l.from_id IN (p.a, p.b) AND l.to_id IN (p.a, p.b))
