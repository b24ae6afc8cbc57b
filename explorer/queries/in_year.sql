-- title: Everything in a year
-- description: All that is dated to a year or may fall into it.
-- default year: 1993
SELECT id, table_name, label, date, status, contested
FROM timeline
WHERE date_earliest <= :year || '-12-31' AND date_latest >= :year || '-01-01'
ORDER BY date_earliest, date_latest
