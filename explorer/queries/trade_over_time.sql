-- title: A measure over time, by series
-- description: All figures of one measure (exports, imports, trade-turnover, loans, aid …), series by series.
-- default measure: exports
SELECT
  s.title AS series, f.id, f.date, q.label AS qualifier, f.value * f.multiplier AS amount, u.label AS unit,
  fr.label AS frequency, r.name AS reporter, p.name AS partner, x.contested
FROM series s JOIN figures f ON f.series_id = s.id JOIN records x ON x.id = f.id
LEFT JOIN terms q ON q.id = f.qualifier LEFT JOIN terms u ON u.id = s.unit LEFT JOIN terms fr ON fr.id = s.frequency
LEFT JOIN parties r ON r.id = s.reporter_id LEFT JOIN parties p ON p.id = s.partner_id
WHERE s.measure = :measure
ORDER BY s.title, f.date_earliest
