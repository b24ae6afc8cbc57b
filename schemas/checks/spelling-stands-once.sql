-- title: A spelling stands once, and is not the record's own name
SELECT 'names', max(id), 'name', name, 'is a name of ' || record_id || ' already; remove one of the two'
FROM names GROUP BY record_id, name HAVING count(*) > 1
UNION ALL
SELECT 'names', n.id, 'name', n.name, 'is the display name of the record; remove the row'
FROM names n JOIN records r ON r.id = n.record_id WHERE n.name = r.label
