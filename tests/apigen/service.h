/* A service behind the torture contract, for tests of clients: it says what reached it. */
#ifndef NERDX_TESTS_APIGEN_SERVICE_H
#define NERDX_TESTS_APIGEN_SERVICE_H

#include "api/torture.h"

typedef struct Torture {
    unsigned char trace_id[16]; /* of the newest call */
    unsigned char span_id[8];
    bool in_settlement; /* its commits wouldn't wait */
} Torture;

#endif
