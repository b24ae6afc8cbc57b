-- title: Which sources contradict which
-- description: Pairs of sources on opposite sides of disagreements, a source against itself included, with the number still open.
SELECT
  s.source_id AS source_id, o.source_id AS against_id, count(DISTINCT d.id) AS disagreements,
  count(DISTINCT CASE WHEN d.status = 'open' THEN d.id END) AS still_open,
  group_concat(DISTINCT d.record_id) AS records
FROM evidence s CROSS JOIN evidence o ON o.disagreement_id = s.disagreement_id AND o.stance = 'disputes'
CROSS JOIN disagreements d ON d.id = s.disagreement_id
WHERE s.stance = 'supports' AND s.disagreement_id IS NOT NULL
GROUP BY s.source_id, o.source_id
ORDER BY disagreements DESC
