-- title: Points are numbered from 1 without gaps
SELECT 'points', p.id, 'ordinal', p.ordinal, 'should be ' || p.place || ': the points of ' || p.record_id || ' are numbered from 1 without gaps'
FROM (SELECT *, row_number() OVER (PARTITION BY record_id ORDER BY ordinal, id) AS place FROM points) p
WHERE p.ordinal <> p.place
