/* A request to Neo4j's transactional endpoint: statements with their parameters, all of them in one transaction. The
 * functions that append a statement are made from neo4j.cypher by tools/cyphergen; values travel as parameters only.
 *
 *     CypherRequest request;
 *     cypher_init(&request, arena);
 *     neo4j_cypher_get_mark(&request, name);
 *     TRY(link_read(link, arena, &request, &reply)); */
#ifndef NERDX_STORES_GRAPH_NEO4J_REQUEST_H
#define NERDX_STORES_GRAPH_NEO4J_REQUEST_H

#include "base/json.h"

typedef struct CypherRequest {
    Buf body;
    size_t statements;
    size_t parameters; /* of the last statement, so far */
} CypherRequest;

void cypher_init(CypherRequest *request, Arena *arena);

/* For what tools/cyphergen makes. text: the statement as a JSON string, in quotes. */
void cypher_begin(CypherRequest *request, Str text);
void cypher_put_text(CypherRequest *request, const char *name, Str value);
void cypher_put_int(CypherRequest *request, const char *name, int64_t value);
void cypher_put_json(CypherRequest *request, const char *name, Json value);
void cypher_put_text_or_null(CypherRequest *request, const char *name, Str value);
void cypher_put_json_or_null(CypherRequest *request, const char *name, Json value);
void cypher_end(CypherRequest *request);

/* A question that was printed (../cypher/print.h), with its parameters as an object: the one statement that isn't made
 * from neo4j.cypher. */
void cypher_add_printed(CypherRequest *request, Str text, Json parameters);

/* The whole body; after it nothing can be appended. */
Json cypher_finish(CypherRequest *request);

/* A JSON list while it is written: for the json parameters. */
typedef struct RequestList {
    Buf text;
    size_t count;
} RequestList;

void request_list_init(RequestList *list, Arena *arena);
Buf *request_list_next(RequestList *list); /* where the next item is to be put */
Json request_list_finish(RequestList *list);

/* Members of an object: `,"name":value`, the comma unless the object has just begun. Absent values are left out. */
void cypher_put_text_member(Buf *buf, const char *name, Str value);
void cypher_put_int_member(Buf *buf, const char *name, int64_t value);
void cypher_put_json_member(Buf *buf, const char *name, Json value);

#endif
