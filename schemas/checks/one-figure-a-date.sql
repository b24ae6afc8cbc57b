-- title: A series has one figure a date
SELECT 'figures', max(id), 'date', date, series_id || ' has a figure for this date already; another source''s value is a dispute, not a row'
FROM figures GROUP BY series_id, coalesce(date, '') HAVING count(*) > 1
