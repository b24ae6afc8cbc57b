-- title: Everything about a person
-- description: Meetings, signatures, proposals, missions, concepts, events and claims of one person, in order of time; id or name in any spelling.
-- default person: boris-yeltsin
WITH who AS (
  SELECT t.id FROM search JOIN search_texts t ON t.rowid = search.rowid
  WHERE search MATCH '{title names} : "' || replace(:person, '"', ' ') || '"' AND t.table_name = 'people'
), parts (id, part) AS (
  SELECT p.meeting_id, coalesce((SELECT label FROM terms WHERE id = p.role), 'participant')
    FROM who CROSS JOIN participants p ON p.person_id = who.id
  UNION SELECT s.agreement_id, 'signatory' FROM who CROSS JOIN signatories s ON s.person_id = who.id
  UNION SELECT p.proposal_id, 'proposer' FROM who CROSS JOIN proposers p ON p.person_id = who.id
  UNION SELECT e.id, 'envoy' FROM who CROSS JOIN envoys e ON e.person_id = who.id
  UNION SELECT e.id, 'sender of an envoy' FROM who CROSS JOIN envoys e ON e.principal_id = who.id
  UNION SELECT e.id, 'writer of the message' FROM who CROSS JOIN envoys e ON e.message_from_id = who.id
  UNION SELECT e.id, 'addressed by an envoy' FROM who CROSS JOIN envoys e ON e.counterpart_id = who.id
  UNION SELECT c.id, 'author of a concept' FROM who CROSS JOIN concepts c ON c.person_id = who.id
  UNION SELECT e.id, 'actor' FROM who CROSS JOIN events e ON e.person_id = who.id
  UNION SELECT t.id, 'in office' FROM who CROSS JOIN tenures t ON t.person_id = who.id
  UNION SELECT e.record_id, 'claimant' FROM who CROSS JOIN evidence e ON e.claimant_id = who.id
)
SELECT x.id, r.table_name, r.label, x.part, coalesce(m.date, a.date, p.date, e.date, c.date, v.date, t.date) AS date, r.contested
FROM parts x JOIN records r ON r.id = x.id
LEFT JOIN meetings m ON m.id = x.id LEFT JOIN agreements a ON a.id = x.id LEFT JOIN proposals p ON p.id = x.id
LEFT JOIN events e ON e.id = x.id LEFT JOIN concepts c ON c.id = x.id LEFT JOIN envoys v ON v.id = x.id
LEFT JOIN tenures t ON t.id = x.id
ORDER BY
  coalesce(m.date_earliest, a.date_earliest, p.date_earliest, e.date_earliest, c.date_earliest, v.date_earliest, t.date_earliest),
  r.label
