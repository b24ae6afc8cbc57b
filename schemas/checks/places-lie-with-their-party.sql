-- title: A place lies within the bounds of the party that administers it
WITH bounds (party_id, south, north, west, east) AS (
  VALUES ('japan', 24, 46, 122, 146), ('russia', 41, 82, 19, 180), ('soviet-union', 35, 82, 19, 180),
    ('china', 18, 54, 73, 135), ('united-states', 18, 72, -180, -65), ('canada', 41, 84, -142, -52),
    ('germany', 47, 56, 5, 16), ('united-kingdom', 49, 61, -9, 2))
SELECT 'places', p.id, 'latitude', p.latitude || ', ' || p.longitude,
  'is outside ' || b.party_id || ' (' || south || ' to ' || north || ' north, ' || west || ' to ' || east || ' east); mend the coordinates or the party'
FROM places p JOIN bounds b ON b.party_id = p.party_id
WHERE NOT (p.latitude BETWEEN south AND north AND p.longitude BETWEEN west AND east)
