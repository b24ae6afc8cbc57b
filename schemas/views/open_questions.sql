-- title: Open questions
-- description: Disagreements that the sources at hand do not let us rule on, with what each side states.
-- column id: The disagreement's id.
-- column record_id: The record about which the sources disagree.
-- column record: The record named for a person.
-- column field: The column about which they disagree.
-- column kind: What sort of contradiction it is.
-- column question: What is in dispute.
-- column held_meanwhile: What the passages behind the cell state.
-- column disputed_by: What the disputing passages state.
-- column sources: The texts on both sides.
SELECT
  d.id, d.record_id, r.label AS record, d.field,
  (SELECT label FROM terms WHERE id = d.kind) AS kind,
  d.question,
  (SELECT group_concat(states, '; ') FROM evidence WHERE disagreement_id = d.id AND stance = 'supports') AS held_meanwhile,
  (SELECT group_concat(states, '; ') FROM evidence WHERE disagreement_id = d.id AND stance = 'disputes') AS disputed_by,
  (SELECT group_concat(source_id, '; ') FROM
    (SELECT DISTINCT source_id FROM evidence WHERE disagreement_id = d.id)) AS sources
FROM disagreements d JOIN records r ON r.id = d.record_id
WHERE d.status = 'open'
ORDER BY d.id
