-- title: Exact shares of one question do not add up to more than a hundred
-- level: warning
SELECT 'poll_answers', min(id), 'percent', sum(percent), 'the exact answers to this question add up to more than 100; look whether several could be chosen'
FROM poll_answers WHERE qualifier = 'exact' GROUP BY poll_id, question HAVING sum(percent) > 101
