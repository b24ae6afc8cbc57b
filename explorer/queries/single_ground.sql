-- title: Claims that rest on one ground only
-- description: Records of a table that a single work vouches for, however many texts repeat it: a text that names a work counts as that work.
-- default table: agreements
SELECT
  r.id, r.label, count(DISTINCT e.passage) AS passages, count(DISTINCT e.source_id) AS texts,
  min(coalesce(e.cites_id, e.source_id)) AS ground_id, r.contested
FROM records r CROSS JOIN evidence e ON e.record_id = r.id AND e.stance = 'supports'
WHERE r.table_name = :table
GROUP BY r.id
HAVING count(DISTINCT coalesce(e.cites_id, CASE WHEN NOT EXISTS (
  SELECT 1 FROM evidence o WHERE o.record_id = r.id AND o.source_id = e.source_id AND o.stance = 'supports'
    AND o.cites_id IS NOT NULL) THEN e.source_id END)) = 1
ORDER BY passages DESC, r.label
