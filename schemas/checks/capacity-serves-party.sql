-- title: A participant's office serves the side for which it took part
SELECT 'participants', p.id, 'party_id', p.party_id, 'differs from the party of the office, ' || o.party_id || '; mend one of the two'
FROM participants p JOIN tenures t ON t.id = p.tenure_id JOIN offices o ON o.id = t.office_id
WHERE o.party_id <> p.party_id
