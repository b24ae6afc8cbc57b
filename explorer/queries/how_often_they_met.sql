-- title: How many times leaders met
-- description: Each pair of a Japanese and another leader or minister who took part in the same meetings, with how many were held and when. A row for a series of talks is not counted beside the meetings that are part of it.
-- default level: leaders
SELECT
  a.person_id AS one_id, b.person_id AS other_id, count(DISTINCT m.id) AS meetings,
  count(DISTINCT CASE m.status WHEN 'held' THEN m.id END) AS held,
  min(m.date_earliest) AS first, max(m.date_latest) AS last
FROM meetings m CROSS JOIN participants a ON a.meeting_id = m.id AND a.party_id = 'japan'
CROSS JOIN participants b ON b.meeting_id = m.id AND b.party_id <> 'japan'
WHERE m.level = :level
  AND NOT EXISTS (SELECT 1 FROM links l WHERE l.to_id = m.id AND l.relation = 'part-of')
  AND a.person_id IS NOT NULL AND b.person_id IS NOT NULL
GROUP BY a.person_id, b.person_id
ORDER BY meetings DESC, first
