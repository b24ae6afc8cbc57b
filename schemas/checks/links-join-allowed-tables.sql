-- title: A link joins only the tables that its relation allows
SELECT 'links', l.id, 'relation', l.relation,
  'may join ' || t.from_tables || ' to ' || t.to_tables || ', not ' || a.table_name || ' to ' || b.table_name || '; choose another relation or record'
FROM links l
JOIN terms t ON t.id = l.relation
JOIN records a ON a.id = l.from_id
JOIN records b ON b.id = l.to_id
WHERE NOT (t.from_tables = 'any' OR instr(' ' || t.from_tables || ' ', ' ' || a.table_name || ' '))
   OR NOT (t.to_tables = 'any' OR (t.to_tables = 'like' AND a.table_name = b.table_name)
           OR instr(' ' || t.to_tables || ' ', ' ' || b.table_name || ' '))
UNION ALL
SELECT 'terms', id, 'from_tables', from_tables, 'a relation says at which tables it starts and ends; fill both columns'
FROM terms WHERE vocabulary = 'relation' AND (from_tables IS NULL OR to_tables IS NULL)
UNION ALL
SELECT 'terms', id, 'from_tables', from_tables, 'only a relation has tables where it starts and ends; empty both columns'
FROM terms WHERE vocabulary <> 'relation' AND (from_tables IS NOT NULL OR to_tables IS NOT NULL)
