-- title: What the publics thought
-- description: Every answer of every poll, oldest first; take those that have a word in question, answer or title.
-- default word: island
SELECT
  p.date, p.title AS poll, p.population, a.id, a.question, a.answer, q.label AS qualifier, a.percent, r.contested
FROM search JOIN search_texts s ON s.rowid = search.rowid
JOIN polls p ON p.id = s.id JOIN poll_answers a ON a.poll_id = p.id JOIN records r ON r.id = a.id
LEFT JOIN terms q ON q.id = a.qualifier
WHERE search MATCH '"' || replace(:word, '"', ' ') || '" *' AND s.table_name = 'polls'
ORDER BY p.date_earliest, a.id
