-- title: Names with their spellings
-- description: Records met under more than one name, with every spelling; most spellings first.
SELECT n.record_id AS id, r.table_name, r.label, count(*) AS others, group_concat(n.name, ' · ') AS names
FROM names n JOIN records r ON r.id = n.record_id
GROUP BY n.record_id
ORDER BY others DESC, r.label
LIMIT 500
