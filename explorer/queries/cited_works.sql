-- title: The works on which the texts rest
-- description: Works that the texts read name as their ground, by how many statements rest on them and in which texts.
SELECT
  e.cites_id AS id, s.authors, s.title, s.date, count(DISTINCT e.record_id) AS records, count(*) AS statements,
  group_concat(DISTINCT e.source_id) AS cited_by
FROM evidence e JOIN sources s ON s.id = e.cites_id
GROUP BY e.cites_id
ORDER BY statements DESC, s.title
LIMIT 500
