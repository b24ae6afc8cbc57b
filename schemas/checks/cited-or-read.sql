-- title: A paragraph is cited by evidence or listed as read, never both, and read once
SELECT 'readings', r.id, 'passage', r.passage, 'is cited by ' || min(e.id) || ' too; remove the reading'
FROM readings r JOIN evidence e ON e.passage = r.passage AND e.source_id = r.source_id GROUP BY r.id
UNION ALL
SELECT 'readings', max(id), 'passage', passage, 'is listed as read already; remove one of the two'
FROM readings GROUP BY source_id, passage HAVING count(*) > 1
