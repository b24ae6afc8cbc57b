-- title: A held bilateral meeting of leaders has an office-holder of leader's rank on each side
SELECT 'meetings', m.id, 'level', m.level, 'is leaders, but no participant of ' || side.party_id || ' holds an office of leader''s rank; name the capacity, or lower the level'
FROM meetings m JOIN (SELECT DISTINCT meeting_id, party_id FROM participants) side ON side.meeting_id = m.id
WHERE m.level = 'leaders' AND m.status = 'held'
  AND (SELECT count(DISTINCT coalesce(party_id, '')) FROM participants WHERE meeting_id = m.id) = 2
  AND NOT EXISTS (
    SELECT 1 FROM participants p JOIN tenures t ON t.id = p.tenure_id JOIN offices o ON o.id = t.office_id
    WHERE p.meeting_id = m.id AND p.party_id IS side.party_id AND o.rank = 'leader')
