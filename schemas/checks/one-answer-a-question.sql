-- title: A poll's answer stands once
SELECT 'poll_answers', max(id), 'answer', answer, 'stands already under this question; another source''s share is a dispute, not a row'
FROM poll_answers GROUP BY poll_id, question, answer HAVING count(*) > 1
