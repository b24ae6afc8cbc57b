-- title: A text from which passages are cited has its digest
SELECT 'sources', s.id, 'sha256', NULL, 'is empty; a text curated into the tables has the SHA-256 of its file'
FROM sources s WHERE s.curated <> 'none' AND s.sha256 IS NULL
