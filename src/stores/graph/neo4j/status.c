#include "stores/graph/neo4j/status.h"

#include <string.h>

enum { RETRY_AFTER_S = 2 };

/* Neo4j's status codes (manual, "Status codes"), by how they begin; the first that fits. */
static const struct Status {
    const char *begins;
    ErrCode code;
    const char *message;
} STATUSES[] = {
    {"Neo.ClientError.Transaction.TransactionTimedOut", TIMED_OUT, "the graph store took too long"},
    {"Neo.ClientError.Transaction.", CONFLICT, "the graph store gave up what it was doing"},
    {"Neo.TransientError.", CONFLICT, "the graph store gave up what it was doing"},
    {"Neo.ClientError.Security.", FORBIDDEN,
     "Neo4j lets this user in not at all, or not so far: set world_graph_user and world_graph_password"},
    {"Neo.ClientError.Database.DatabaseNotFound", INVALID,
     "world_graph: Neo4j has no such database: name one that it has, as in neo4j://host:7474/neo4j"},
    {"Neo.DatabaseError.Transaction.", UNAVAILABLE, "the graph store could not keep it"},
    {"Neo.DatabaseError.General.", UNAVAILABLE, "the graph store has a fault"},
    {"", INTERNAL, "the graph store did not understand"},
};

Err status_of(const char *code, const char *message)
{
    const struct Status *status = STATUSES;

    while (strncmp(code, status->begins, strlen(status->begins)) != 0)
        status++;
    Err e = err_detail(err(status->code, "%s", status->message), "%s: %s", code, message);
    return status->code == UNAVAILABLE ? err_retry_after(e, RETRY_AFTER_S) : e;
}

Err status_unavailable(const Err *why)
{
    return err_retry_after(err_detail(err(UNAVAILABLE, "the graph store can't be reached for now; try again"),
                                      "%s", why->detail[0] != '\0' ? why->detail : why->message),
                           RETRY_AFTER_S);
}

/* Neo4j says what went wrong, if nothing did, too. A page or the JSON of a proxy, or of a server that is starting or
 * stopping, has none of it: nothing was done for all that is known. */
static bool is_answer(const CypherReply *reply)
{
    return json_is_array(json_object_get(reply->root, "errors"));
}

Err status_read(const HttpReply *answer, CypherReply *reply)
{
    const char *code;
    const char *message;
    Err e = json_read(answer->body, &reply->root);

    if (failed(&e) || !is_answer(reply)) {
        reply_release(reply);
        e = err(UNAVAILABLE, "no answer of Neo4j's");
        return status_unavailable(&e);
    }
    if (!reply_error(reply, &code, &message))
        return OK;
    e = status_of(code != NULL ? code : "", message != NULL ? message : "");
    reply_release(reply);
    return e;
}
