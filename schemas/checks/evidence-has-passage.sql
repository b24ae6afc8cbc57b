-- title: Evidence from a text has a passage, evidence from elsewhere a source consulted
SELECT 'evidence', e.id, 'passage', e.passage, 'is empty, and ' || s.id || ' is a text with passages; name the paragraph'
FROM evidence e JOIN sources s ON s.id = e.source_id
WHERE s.sha256 IS NOT NULL AND e.passage IS NULL
UNION ALL
SELECT 'evidence', e.id, 'passage', e.passage, s.id || ' is no text with passages; give a locator instead'
FROM evidence e JOIN sources s ON s.id = e.source_id
WHERE s.sha256 IS NULL AND e.passage IS NOT NULL
UNION ALL
SELECT 'evidence', e.id, 'source_id', e.source_id, 'was not consulted; cite the text that was read, and this work as its ground'
FROM evidence e JOIN sources s ON s.id = e.source_id
WHERE s.consulted = 0
