-- Queries of the conformance suite.

-- row item: sku text, on_hand int, note text null
-- row sample: id int, whole int null, share real null, words text null, bytes blob null

-- Adds an item; CONFLICT when it exists.
-- name: add :exec
-- in sku text, on_hand int, note text null
INSERT INTO stock (sku, on_hand, note) VALUES (:sku, :on_hand, :note);

-- Takes from the shelf what is there.
-- name: take :exec
-- in quantity int, sku text
UPDATE stock SET on_hand = on_hand - :quantity WHERE sku = :sku AND on_hand >= :quantity;

-- name: take_forced :one
-- in sku text, quantity int
-- out on_hand int
UPDATE stock SET on_hand = on_hand - :quantity WHERE sku = :sku RETURNING on_hand;

-- name: get :optional
-- in sku text
-- out item
SELECT sku, on_hand, note FROM stock WHERE sku = :sku;

-- name: get_certain :one
-- in sku text
-- out item
SELECT sku, on_hand, note FROM stock WHERE sku = :sku;

-- name: get_any :optional
-- out item
SELECT sku, on_hand, note FROM stock;

-- name: list :many
-- out item
SELECT sku, on_hand, note FROM stock ORDER BY sku;

-- name: scan :each
-- in at_least int
-- out item
SELECT sku, on_hand, note FROM stock WHERE on_hand >= :at_least ORDER BY sku;

-- name: count :one
-- out items int
SELECT count(*) AS items FROM stock;

-- name: list_skus :many
-- out sku text
SELECT sku FROM stock ORDER BY sku;

-- name: put_sample :exec
-- in id int, whole int null, share real null, words text null, bytes blob null
INSERT INTO sample (id, whole, share, words, bytes) VALUES (:id, :whole, :share, :words, :bytes);

-- name: get_sample :optional
-- in id int
-- out sample
SELECT id, whole, share, words, bytes FROM sample WHERE id = :id;

-- How long a statement on this connection may run, in the server's words ("10s"); a file has no such thing.
-- name: get_limit :one
-- out limit text
-- sqlite
SELECT 'none' AS "limit";
-- postgres
SELECT current_setting('statement_timeout') AS "limit";
-- both

-- Changes it.
-- name: set_limit :one
-- in words text
-- out limit text
-- sqlite
SELECT :words AS "limit";
-- postgres
SELECT set_config('statement_timeout', :words, false) AS "limit";
-- both

-- A statement that runs for so long without holding anything up.
-- name: rest :one
-- in seconds real
-- out rested int
-- sqlite
SELECT CAST(:seconds AS int) AS rested;
-- postgres
SELECT CAST(1 AS bigint) AS rested FROM pg_sleep(:seconds);
-- both
