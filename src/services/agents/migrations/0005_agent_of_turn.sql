-- Whom a turn was talked with: a name of content/agents.
ALTER TABLE turn ADD COLUMN agent TEXT NOT NULL DEFAULT 'maeju';
