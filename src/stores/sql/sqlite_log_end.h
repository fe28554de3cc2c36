/* Where a database's write-ahead log ends, read from its index, which all who have it open share in memory. */
#ifndef NERDX_STORES_SQL_SQLITE_LOG_END_H
#define NERDX_STORES_SQL_SQLITE_LOG_END_H

#include <stdbool.h>
#include <stdint.h>

enum { LOG_INDEX_WORDS = 12 /* of 32 bits: its header */ };

/* Where a log ends after its latest commit, as its index says. */
typedef struct LogEnd {
    uint32_t salts[2]; /* the generation's, as the bytes of the file */
    uint32_t frames;
    uint32_t check[2]; /* the running checksum */
} LogEnd;

/* The index's header as it is now. False: somebody is writing it. */
bool log_index_read(const volatile uint32_t *index, uint32_t out[LOG_INDEX_WORDS]);

bool log_end_read(const volatile uint32_t *index, LogEnd *out); /* the same */

#endif
