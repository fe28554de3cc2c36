-- A page of what an entity leads to is read from the index alone: what a visitor did lies scattered over the table, and a
-- look at it for each row took a tenth of a recommendation. `shown` is in it because the condition on it counts as a
-- column that is read.
DROP INDEX relationship_out;
CREATE INDEX relationship_out ON relationship (source, type, order_us, target, id, shown, sum, properties)
    WHERE shown = 1;
