-- title: A series has at least one figure
SELECT 'series', s.id, 'id', s.id, 'has no figure; add one, or remove the series'
FROM series s WHERE NOT EXISTS (SELECT 1 FROM figures f WHERE f.series_id = s.id)
