-- title: Evidence bears on a disagreement about its own record and column
SELECT 'evidence', e.id, 'disagreement_id', e.disagreement_id,
  'is about ' || d.record_id || coalesce(', ' || d.field, '') || '; the evidence is on ' || e.record_id || coalesce(', ' || e.field, '')
FROM evidence e JOIN disagreements d ON d.id = e.disagreement_id
WHERE d.record_id <> e.record_id OR (e.field IS NOT NULL AND d.field IS NOT NULL AND e.field <> d.field)
