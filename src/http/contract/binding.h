/* One operation of the contract at work: what the generated code of an operation is made of. A server reads
 * the handler's input from what came and writes its answer; a client does the reverse over HTTP (http/client.h)
 * or, when both live in one process, checks what HTTP would have checked. */
#ifndef NERDX_HTTP_CONTRACT_BINDING_H
#define NERDX_HTTP_CONTRACT_BINDING_H

#include "http/call.h"
#include "http/contract/shape.h"

typedef struct HttpClient HttpClient;

struct Binding {
    const char *method;
    const char *path;        /* with {parameters} */
    size_t input_size;       /* sizeof the handler's input; 0 = none */
    const Shape *parameters; /* of the path and the query, an OBJECT_SHAPE; NULL = none */
    const Field *body;       /* where the input holds the body; NULL = none */
    const Shape *result;     /* NULL = the answer has no body */
    int success_status;
};

/* An operation as agents know it. */
enum { TOOL_GIVEN_MAX = 8 };

typedef struct ToolSchema {
    const char *name; /* the operation's id */
    const char *description;
    Json parameters;           /* JSON Schema of an object, without references: what the agent fills in */
    Str given[TOOL_GIVEN_MAX]; /* x-given: what whoever runs it fills in, up to an absent one */
    bool needs_approval;       /* x-needs-approval: a person is asked first */
    /* Checks the arguments as if they had come over HTTP, calls the operation by the client of its service and writes its
     * answer. given: an object with texts for some of those names. Errors: INVALID, and the operation's own. */
    Err (*run)(const void *client, Call *call, const json_t *arguments, const json_t *given, Buf *out);
} ToolSchema;

/* Fills in the handler's input from path, query and body. Errors: INVALID. */
Err binding_read(const Binding *binding, Call *call, const CallInput *input, void *in);

/* The same from an agent's arguments, which are the body, or the parameters where there is none, and what is given beside
 * them. Errors: INVALID, also when an argument has the name of what is given. */
Err binding_read_tool(const Binding *binding, Arena *arena, const json_t *arguments, const json_t *given,
                      void *in);

/* What a handler returned, as it is told: it is only asked what keeps to the contract, so that INVALID of its own is about the
 * meaning, UNPROCESSABLE. */
Err binding_refusal(Err e);

/* Writes the answer; nothing when the call is answered by events. Errors: INTERNAL when the answer breaks the
 * contract, which is a fault of the handler. */
Err binding_write(const Binding *binding, const Call *call, const void *result, Buf *out);

/* What we were about to say breaks the contract: INTERNAL, the reason for the log. */
Err binding_broken(const Err *e);

/* What a client in this process must check before and after it calls the handler. */
Err binding_check(const Binding *binding, const void *in);
Err binding_check_result(const Binding *binding, const void *result);

/* The path and query of a checked input: "/api/v1/world-model/entity/a%20b?limit=5". */
Str binding_target(const Binding *binding, Arena *arena, const void *in);

/* The body of a checked input as JSON; absent when there is none. */
Str binding_body(const Binding *binding, Arena *arena, const void *in);

/* Reads a body of success_status into *result. Errors: INTERNAL when it breaks the contract. */
Err binding_read_result(const Binding *binding, Arena *arena, Str body, void *result);

/* Appends an event. Errors: INTERNAL when it breaks the contract; those of event_log_append. */
Err binding_emit(const Shape *shape, EventLog *log, Str name, const void *event);

#endif
