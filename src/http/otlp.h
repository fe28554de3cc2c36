/* Sends spans that are kept (base/span.h) to a collector, by OTLP over HTTP as JSON
 * (https://opentelemetry.io/docs/specs/otlp/, 1.x): in batches, on a thread of its own, within bounds. A collector that can't be
 * reached costs spans, which are counted, and nothing else. */
#ifndef NERDX_HTTP_OTLP_H
#define NERDX_HTTP_OTLP_H

#include "base/random.h"
#include "base/span.h"

enum {
    OTLP_BATCH = 512,       /* spans in a request at the most */
    OTLP_EVERY_MS = 1000,   /* a span waits no longer for others */
    OTLP_TIMEOUT_MS = 5000, /* of a request */
    OTLP_TRIES = 4,         /* of a batch, with 1, 2 and 4 s between, or as the collector says */
    OTLP_LONGEST_PAUSE_S = 30,
    OTLP_LAST_MS = 2000, /* for what is left when the program stops */
};

typedef struct OtlpConfig {
    const char *url;     /* of the collector: "http://localhost:4318"; /v1/traces is added */
    const char *version; /* of the program */
    const char *role;    /* which of its processes: "serve world,agents" */
} OtlpConfig;

typedef struct Otlp Otlp;

/* After span_start. Errors: INVALID for what is no address. */
Err otlp_start(const OtlpConfig *config, Otlp **out);
void otlp_stop(Otlp *otlp); /* sends what is left; accepts NULL */

/* otlp_json.c: an ExportTraceServiceRequest. resource: what all of them are of. offset_us: what makes wall time of monotonic. */
typedef struct OtlpResource {
    const char *version;
    const char *role;
    char instance[ID_TEXT];
    char host[64];
    int64_t pid;
} OtlpResource;
Str otlp_write(Arena *arena, const OtlpResource *resource, Span *const *spans, size_t count,
               int64_t offset_us);

/* How many spans an ExportTraceServiceResponse says weren't taken, though the request was. */
size_t otlp_refused(Str answer);

#endif
