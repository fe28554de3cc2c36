/* Who did what to an account, written in the transaction that does it, as a hash chain (Schneier and Kelsey, 1999, without their
 * keys): who changes or removes a row is noticed by audit_verify; who can write the whole table anew isn't, unless the head was
 * kept elsewhere: `nerdx doctor` prints it. No address, name or secret comes in here. */
#ifndef NERDX_SERVICES_AUTH_AUDIT_AUDIT_H
#define NERDX_SERVICES_AUTH_AUDIT_AUDIT_H

#include "stores/sql/sql.h"

/* Every text is present; empty for nobody and nothing. */
typedef struct AuditEvent {
    Str act;     /* "sign-in", "password-changed" … */
    Str actor;   /* the user's id, or "machine" */
    Str subject; /* whose account */
    Str detail;  /* a word more: a role, why it was refused */
} AuditEvent;

/* Within a transaction; arena: for the moment. */
Err audit_add(Tx *tx, Arena *arena, int64_t now_us, const AuditEvent *event);

/* Walks the whole chain. Errors: INTERNAL naming the first row that isn't as it was written, or is missing. */
typedef struct AuditState {
    int64_t rows;
    Str head; /* the last hash; empty for an empty log */
} AuditState;
Err audit_verify(Sql *sql, Arena *arena, AuditState *out);

#endif
