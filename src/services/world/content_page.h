/* One file of content as a node and what it says of others; content.c brings the files together. For these two only. */
#ifndef NERDX_SERVICES_WORLD_CONTENT_PAGE_H
#define NERDX_SERVICES_WORLD_CONTENT_PAGE_H

#include "base/keymap.h"
#include "services/world/content.h"

/* A relationship as a file says it, to be checked when all entities are known. */
typedef struct ContentClaim {
    size_t file;
    GraphRelationship relationship;
} ContentClaim;

typedef struct ContentReader {
    Arena *arena;
    const Schema *schema;
    AssetTable files;
    GraphNode *nodes;
    size_t node_count;
    StrIdMap node_by_id;
    ContentClaim *claims;
    size_t claim_count;
    size_t claim_capacity;
    ContentProblem *problems;
    size_t problem_count;
} ContentReader;

/* Adds the file's node and claims, or problems. */
void content_read_page(ContentReader *reader, const Asset *file);

/* key: of the front matter, to name its line; NULL = the file as a whole. No more than CONTENT_MAX_PROBLEMS are kept. */
__attribute__((format(printf, 4, 5))) void content_complain(ContentReader *reader, const Asset *file,
                                                            const char *key, const char *format, ...);

#endif
