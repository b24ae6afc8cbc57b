-- title: What each document reaffirms, implements or denies
-- description: Every tie between agreements, proposals and concepts, the later document first; take one document by a word of its title.
-- default document: declaration
SELECT
  l.from_id AS id, a.label AS document, t.label AS relation, l.to_id AS other_id, b.label AS other, l.note
FROM search JOIN search_texts s ON s.rowid = search.rowid
JOIN links l ON l.from_id = s.id
JOIN records a ON a.id = l.from_id JOIN records b ON b.id = l.to_id JOIN terms t ON t.id = l.relation
WHERE search MATCH '{title names} : "' || replace(:document, '"', ' ') || '"'
  AND s.table_name IN ('agreements', 'proposals', 'concepts') AND b.table_name IN ('agreements', 'proposals', 'concepts')
ORDER BY a.label, t.label, b.label
