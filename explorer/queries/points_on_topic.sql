-- title: What documents say on a topic
-- description: The numbered points of agreements, proposals, concepts and speeches on one topic (transfer, sovereignty, peace-treaty, economic-activity …).
-- default topic: transfer
SELECT p.record_id AS id, r.table_name, r.label AS document, p.ordinal, p.text, p.id AS point_id,
  coalesce(a.date, o.date, c.date, e.date) AS date
FROM points p JOIN records r ON r.id = p.record_id
LEFT JOIN agreements a ON a.id = p.record_id LEFT JOIN proposals o ON o.id = p.record_id
LEFT JOIN concepts c ON c.id = p.record_id LEFT JOIN events e ON e.id = p.record_id
WHERE p.topic = :topic
ORDER BY coalesce(a.date_earliest, o.date_earliest, c.date_earliest, e.date_earliest), p.record_id, p.ordinal
