-- title: Witnesses
-- description: For each record with evidence, how many passages and texts support it, and on how many independent grounds they rest: texts that cite one work are one ground.
-- column id: The record's id.
-- column table_name: The table in which the record stands.
-- column label: The record named for a person.
-- column passages: The number of passages that support it.
-- column texts: The number of works that have those passages.
-- column grounds: The number of independent grounds: works cited, and texts that cite none for it.
-- column disputed: The number of passages that dispute it.
-- column contested: Whether an open disagreement touches the record or a row that hangs on it.
SELECT
  r.id, r.table_name, r.label,
  count(DISTINCT CASE WHEN e.stance = 'supports' THEN coalesce(e.passage, e.source_id || e.locator) END) AS passages,
  count(DISTINCT CASE WHEN e.stance = 'supports' THEN e.source_id END) AS texts,
  count(DISTINCT CASE WHEN e.stance = 'supports' THEN coalesce(e.cites_id, CASE WHEN NOT EXISTS (
    SELECT 1 FROM evidence o WHERE o.record_id = e.record_id AND o.source_id = e.source_id
      AND o.stance = 'supports' AND o.cites_id IS NOT NULL) THEN e.source_id END) END) AS grounds,
  count(CASE WHEN e.stance = 'disputes' THEN 1 END) AS disputed,
  r.contested
FROM evidence e JOIN records r ON r.id = e.record_id
GROUP BY r.id
