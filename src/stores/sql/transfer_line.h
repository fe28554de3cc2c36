/* The lines of an export, as both ends write and read them, and the digest of what has gone by.
 *
 *     {"nerdx":"export","format":2,"service":"agents","schema":7,"until":"2026-12-27T00:00:00Z"}
 *     {"table":"session","columns":["user_id","session_id",…]}             a table of the migrations, each in turn
 *     ["u1","s1",1764151200000000,…]                                       a row a line, in the order of its key
 *     {"end":"agents","rows":{"session":1,…},"sha256":"…"}                 of all the bytes above but until when it may be used
 *
 * The same state has the same digest on every twin, whenever it is written. A stream may hold
 * several services, one after another. Integers, doubles and text are JSON, blobs are text of hexadecimal digits. */
#ifndef NERDX_STORES_SQL_TRANSFER_LINE_H
#define NERDX_STORES_SQL_TRANSFER_LINE_H

#include <sodium.h>

#include "base/buf.h"
#include "stores/sql/statement.h"

enum { TRANSFER_FORMAT = 2 };

/* Each without the newline behind it. The header's until is RFC 3339; without one it is as the digest has it. */
void transfer_put_header(Buf *out, Str service, size_t schema, Str until);
void transfer_put_table(Buf *out, const SqlTable *table);
void transfer_put_end(Buf *out, Str service, SqlMigrations migrations, const int64_t *rows,
                      const char *sha256);

/* Errors: UNPROCESSABLE naming the column whose text JSON can't hold. */
Err transfer_put_row(Buf *out, const SqlTable *table, const SqlValue *values);

/* Values point into the line and the arena. Errors: INVALID naming the column. */
Err transfer_read_row(Arena *arena, const SqlTable *table, Str line, SqlValue *out);

void transfer_digest_line(crypto_hash_sha256_state *digest, Str line); /* and its newline */
void transfer_digest_print(crypto_hash_sha256_state *digest, char text[SQL_DIGEST_TEXT]);

#endif
