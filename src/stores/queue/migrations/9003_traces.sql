-- Whose doing it is: the W3C traceparent of who added a job, or told an event, so that its run is part of that trace. '': nobody's.
ALTER TABLE job ADD COLUMN traceparent text NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN traceparent text NOT NULL DEFAULT '';
