-- sqlite
-- Rows go one by one there: a file has no months.
-- postgres
-- What happened before a day goes: months that are over as a whole, which costs nothing however much it was, and the rest of the one it is in row by
-- row. Months are emptied and stay, as taking one away would have all others wait; so does one that somebody is reading, whose rows go then.
CREATE PROCEDURE drop_visits_before(before BIGINT) LANGUAGE plpgsql AS $$
DECLARE
    month TEXT;
    patience TEXT := current_setting('lock_timeout');
BEGIN
    PERFORM set_config('lock_timeout', '50ms', true);
    FOR month IN
        SELECT class.relname
        FROM pg_inherits JOIN pg_class AS class ON class.oid = inhrelid
        WHERE inhparent = 'visit'::regclass AND pg_relation_size(class.oid) > 0
          AND substring(pg_get_expr(class.relpartbound, class.oid) FROM 'TO \(''(\d+)''\)')::BIGINT <= before
    LOOP
        BEGIN
            EXECUTE format('TRUNCATE %I', month);
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END LOOP;
    PERFORM set_config('lock_timeout', patience, true);
    DELETE FROM visit WHERE day < before;
END $$;
-- both
