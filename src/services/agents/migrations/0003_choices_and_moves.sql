-- What an answer put side by side (ids, separated by spaces), and what it did ("story", "compare" …): for "the second one", "a longer one".
ALTER TABLE turn ADD COLUMN choices TEXT NOT NULL DEFAULT '';
ALTER TABLE turn ADD COLUMN move TEXT NOT NULL DEFAULT '';
