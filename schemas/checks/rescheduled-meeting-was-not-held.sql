-- title: A meeting made up for by another was not held itself
SELECT 'meetings', m.id, 'status', m.status, 'is held, but a link says that another meeting was held in its place; mend one of the two'
FROM meetings m JOIN links l ON l.from_id = m.id AND l.relation = 'rescheduled-as'
WHERE m.status = 'held'
