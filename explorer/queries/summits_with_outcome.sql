-- title: Summits and what came of them
-- description: Meetings of leaders between two years, held or not, with both sides and the outcome.
-- default from: 1985
-- default to: 2013
SELECT id, date, title, place, status, japanese_side, other_side, outcome, contested
FROM summits
WHERE date_latest >= :from || '-01-01' AND date_earliest <= :to || '-12-31'
ORDER BY date_earliest
