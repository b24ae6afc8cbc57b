-- title: Only a percentage or a balance is below zero
SELECT 'figures', f.id, 'value', f.value, 'is below zero, and ' || s.id || ' measures ' || s.measure || ' in ' || s.unit || '; drop the sign, or mend the series'
FROM figures f JOIN series s ON s.id = f.series_id
WHERE f.value < 0 AND s.unit <> 'percent' AND s.measure <> 'trade-balance'
