-- What it was of, for the day's cap and for complaints, whether its notice is there yet or deleted. '' = it was sent
-- before this was noted.
ALTER TABLE delivery ADD COLUMN category TEXT NOT NULL DEFAULT '';
