-- title: Disputed islands lie between Hokkaido and Urup
SELECT 'places', id, 'latitude', latitude || ', ' || longitude, 'is not where the disputed islands are (43 to 46 north, 145 to 150 east); mend the coordinates or disputed'
FROM places
WHERE disputed = 1 AND latitude IS NOT NULL AND NOT (latitude BETWEEN 43 AND 46 AND longitude BETWEEN 145 AND 150)
