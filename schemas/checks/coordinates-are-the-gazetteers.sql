-- title: Coordinates are those that the gazetteer states
SELECT 'places', p.id, 'latitude', p.latitude || ', ' || p.longitude, 'is not what ' || e.source_id || ' states, ' || e.states || '; mend the coordinates or the evidence'
FROM places p JOIN evidence e ON e.record_id = p.id AND e.source_id = p.gazetteer_id AND e.field IN ('latitude', 'longitude')
WHERE e.states LIKE '%,%' AND NOT (
  abs(CAST(e.states AS REAL) - p.latitude) < 0.0001 AND abs(CAST(substr(e.states, instr(e.states, ',') + 1) AS REAL) - p.longitude) < 0.0001)
