-- title: People with most meetings
-- description: How many meetings each person had a part in, how many of them were held, and over which years.
SELECT
  p.person_id AS id, r.label AS person, count(DISTINCT m.id) AS meetings,
  count(DISTINCT CASE m.status WHEN 'held' THEN m.id END) AS held, min(m.date_earliest) AS first, max(m.date_latest) AS last
FROM participants p JOIN meetings m ON m.id = p.meeting_id JOIN records r ON r.id = p.person_id
GROUP BY p.person_id
ORDER BY meetings DESC, person
LIMIT 100
