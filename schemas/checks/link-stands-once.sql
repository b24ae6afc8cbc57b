-- title: A link stands once
SELECT 'links', max(id), 'to_id', to_id, 'is joined to ' || from_id || ' by ' || relation || ' already; remove one of the two'
FROM links GROUP BY from_id, relation, to_id HAVING count(*) > 1
