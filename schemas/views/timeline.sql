-- title: Timeline
-- description: Every dated record in one list: meetings, agreements, proposals, events, missions, uses of tactics, concepts, polls.
-- column id: The record's id.
-- column table_name: The table in which the record stands.
-- column label: The record named for a person.
-- column date: The date as it stands in the record; EDTF. Empty where the record inherits its meeting's.
-- column date_earliest: The first day that the date can mean.
-- column date_latest: The last day that the date can mean.
-- column kind: The level of a meeting, or the kind of another record.
-- column format: The format of a meeting.
-- column status: What became of it.
-- column party_id: The side that acted or was host, where one did.
-- column contested: Whether an open disagreement touches the record or a row that hangs on it.
SELECT t.id, t.table_name, r.label, t.date, t.date_earliest, t.date_latest, t.kind, t.format, t.status, t.party_id, r.contested
FROM (
  SELECT id, 'meetings' AS table_name, date, date_earliest, date_latest, level AS kind, format, status, host_id AS party_id
    FROM meetings
  UNION ALL SELECT id, 'agreements', date, date_earliest, date_latest, kind, NULL, status, NULL FROM agreements
  UNION ALL SELECT p.id, 'proposals', p.date, p.date_earliest, p.date_latest, NULL, NULL, p.status,
    (SELECT min(party_id) FROM proposers WHERE proposal_id = p.id HAVING count(DISTINCT party_id) = 1) FROM proposals p
  UNION ALL SELECT id, 'events', date, date_earliest, date_latest, kind, NULL, status, party_id FROM events
  UNION ALL SELECT id, 'envoys', date, date_earliest, date_latest, kind, NULL, verdict, party_id FROM envoys
  UNION ALL SELECT id, 'tactic_uses', date, date_earliest, date_latest, tactic_id, NULL, verdict, party_id FROM tactic_uses
  UNION ALL SELECT id, 'concepts', date, date_earliest, date_latest, NULL, NULL, NULL, party_id FROM concepts
  UNION ALL SELECT id, 'polls', date, date_earliest, date_latest, NULL, NULL, NULL, party_id FROM polls
) t JOIN records r ON r.id = t.id
WHERE t.date_earliest IS NOT NULL OR t.date_latest IS NOT NULL
