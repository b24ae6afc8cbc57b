-- title: Every disagreement has at least one disputing passage
SELECT 'disagreements', d.id, 'id', d.id, 'has no evidence that disputes; add the passage that states otherwise'
FROM disagreements d
WHERE NOT EXISTS (SELECT 1 FROM evidence e WHERE e.disagreement_id = d.id AND e.stance = 'disputes')
