/* What PostgreSQL says, as our errors. Source of the codes: PostgreSQL 15, appendix A. */
#ifndef NERDX_STORES_SQL_POSTGRES_ERROR_H
#define NERDX_STORES_SQL_POSTGRES_ERROR_H

#include <libpq-fe.h>

#include "base/err.h"

/* Whether the same transaction, begun anew, may well succeed: it met another one (40001, 40P01). */
bool postgres_met_another(const PGresult *result);

/* The error of a failed result; doing is for the log. */
Err postgres_error(const PGresult *result, const char *doing);

/* The connection was lost. */
Err postgres_lost(const PGconn *pg, const char *doing);

/* It could not be made; with PQERRORS_VERBOSE the server's reason is told apart. */
Err postgres_refused(const PGconn *pg);

/* The SQLSTATE in libpq's verbose words ("FATAL:  28P01: …", in any language), 5 characters, or "". */
void postgres_state_in(const char *said, char state[6]);

#endif
