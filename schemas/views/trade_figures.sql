-- title: Trade and aid figures
-- description: Every figure joined to its series in one flat table.
-- column id: The figure's id.
-- column series_id: The series' id.
-- column series: A short name for the series.
-- column measure: What is measured.
-- column reporter: The party whose statistics or statement it is.
-- column partner: The other party.
-- column date: The period or day to which the value belongs; EDTF.
-- column date_earliest: The first day that the date can mean.
-- column date_latest: The last day that the date can mean.
-- column value: The number as the source writes it.
-- column multiplier: By how much the source's wording multiplies the value.
-- column amount: Value times multiplier, in the unit.
-- column unit: The unit of the amount.
-- column frequency: How the value relates to its period.
-- column qualifier: How exactly the source states the value.
-- column sources: The texts that state the value.
-- column note: A remark.
-- column contested: Whether an open disagreement touches the figure or a row that hangs on it.
SELECT
  f.id, f.series_id, s.title AS series,
  (SELECT label FROM terms WHERE id = s.measure) AS measure,
  (SELECT name FROM parties WHERE id = s.reporter_id) AS reporter,
  (SELECT name FROM parties WHERE id = s.partner_id) AS partner,
  f.date, f.date_earliest, f.date_latest, f.value, f.multiplier, f.value * f.multiplier AS amount,
  (SELECT label FROM terms WHERE id = s.unit) AS unit,
  (SELECT label FROM terms WHERE id = s.frequency) AS frequency,
  (SELECT label FROM terms WHERE id = f.qualifier) AS qualifier,
  (SELECT group_concat(source_id, '; ') FROM
    (SELECT DISTINCT source_id FROM evidence WHERE record_id = f.id AND stance = 'supports')) AS sources,
  f.note,
  (SELECT contested FROM records WHERE id = f.id) AS contested
FROM figures f JOIN series s ON s.id = f.series_id
ORDER BY s.id, f.date_earliest, f.id
