-- title: Every record that hangs on none has evidence
SELECT r.table_name, r.id, 'id', r.id, 'has no evidence; cite the passage that states it'
FROM records r
WHERE r.parent_id IS NULL
  AND r.table_name NOT IN ('parties', 'offices', 'series', 'sources')
  AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.record_id = r.id)
