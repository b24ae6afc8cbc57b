-- title: A participant stands once at a meeting
SELECT 'participants', max(id), 'person_id', coalesce(person_id, organisation_id), 'stands at this meeting already; remove one of the two'
FROM participants GROUP BY meeting_id, person_id, organisation_id HAVING count(*) > 1
