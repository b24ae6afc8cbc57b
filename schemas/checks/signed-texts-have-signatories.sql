-- title: A text that was signed has signatories
SELECT 'agreements', a.id, 'status', a.status, 'has no signatory; say who signed, or mend the status'
FROM agreements a
WHERE a.status = 'signed' AND NOT EXISTS (SELECT 1 FROM signatories s WHERE s.agreement_id = a.id)
