-- title: The column that evidence or a disagreement names is one of its record's table
SELECT 'evidence', e.id, 'field', e.field, 'is no column of ' || r.table_name || '; name one, or leave it empty'
FROM evidence e JOIN records r ON r.id = e.record_id
WHERE e.field IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM codebook_columns c WHERE c.table_name = r.table_name AND c.name = e.field)
UNION ALL
SELECT 'disagreements', d.id, 'field', d.field, 'is no column of ' || r.table_name || '; name one, or leave it empty'
FROM disagreements d JOIN records r ON r.id = d.record_id
WHERE d.field IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM codebook_columns c WHERE c.table_name = r.table_name AND c.name = d.field)
