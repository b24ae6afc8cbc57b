-- title: An agreement is ratified and in force no earlier than it is signed
SELECT 'agreements', id, 'ratified', ratified, 'is before the date, ' || date || '; mend one of the two'
FROM agreements WHERE ratified_latest < date_earliest
UNION ALL
SELECT 'agreements', id, 'in_force', in_force, 'begins before the date, ' || date || '; mend one of the two'
FROM agreements WHERE in_force_earliest < date_earliest AND in_force_latest < date_earliest
