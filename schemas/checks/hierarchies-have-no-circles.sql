-- title: Hierarchies have no circles
WITH RECURSIVE
  steps (table_name, column_name, id, parent) AS (
    SELECT 'tactics', 'parent_id', id, parent_id FROM tactics WHERE parent_id IS NOT NULL
    UNION ALL SELECT 'parties', 'successor_id', id, successor_id FROM parties WHERE successor_id IS NOT NULL),
  walk (table_name, column_name, id, reached) AS (
    SELECT table_name, column_name, id, parent FROM steps
    UNION SELECT w.table_name, w.column_name, w.id, s.parent FROM walk w JOIN steps s ON s.table_name = w.table_name AND s.id = w.reached)
SELECT table_name, id, column_name, id, 'leads back to itself; break the circle'
FROM walk WHERE reached = id
