-- title: Trade and aid figures of a year, and who says so
-- description: Every figure whose period touches the year, with unit, reporter, the texts that state it and the works they cite.
-- default year: 1993
SELECT
  f.id, f.series, f.reporter, f.partner, f.date, f.qualifier, f.amount, f.unit, f.frequency, f.contested,
  (SELECT group_concat(DISTINCT e.source_id || coalesce(', ' || e.locator, '')) FROM evidence e
    WHERE e.record_id = f.id AND e.stance = 'supports') AS stated_by,
  (SELECT group_concat(DISTINCT e.cites_id) FROM evidence e WHERE e.record_id = f.id AND e.cites_id IS NOT NULL) AS on_the_ground_of
FROM trade_figures f
WHERE f.date_earliest <= :year || '-12-31' AND f.date_latest >= :year || '-01-01'
ORDER BY f.series, f.date_earliest
