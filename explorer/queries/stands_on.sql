-- title: What a document stands on, all the way down
-- description: The documents that a document reaffirms, implements or builds on, those that these stand on, and so on.
-- default document: irkutsk-statement-2001
WITH RECURSIVE chain (id, step, via, relation) AS (
  SELECT l.to_id, 1, l.from_id, l.relation FROM links l
    WHERE l.from_id = :document AND l.relation IN ('reaffirms', 'implements', 'builds-on')
  UNION
  SELECT l.to_id, c.step + 1, l.from_id, l.relation FROM chain c CROSS JOIN links l ON l.from_id = c.id
    WHERE l.relation IN ('reaffirms', 'implements', 'builds-on') AND c.step < 8
)
SELECT c.step, v.label AS document, t.label AS relation, c.id, r.label AS stands_on, a.date, r.contested
FROM chain c JOIN records r ON r.id = c.id JOIN records v ON v.id = c.via JOIN terms t ON t.id = c.relation
LEFT JOIN agreements a ON a.id = c.id
ORDER BY c.step, v.label, a.date_earliest
