/* The policy that every request passes, as one thing: metrics, access log, origins, who calls, limits.
 *
 *     TRY(gateway_create(&config, &gateway));
 *     gateway_guard(gateway, server);
 *     …                                            the server is destroyed first
 *     gateway_destroy(gateway); */
#ifndef NERDX_GATEWAY_GATEWAY_H
#define NERDX_GATEWAY_GATEWAY_H

#include "gateway/identity.h"

typedef struct Gateway Gateway;

typedef struct GatewayConfig {
    const OperationTable *const *tables; /* what metrics are kept of */
    size_t table_count;
    bool access_log;
    const char *kv;          /* where requests are counted: "memory:", or what nodes share */
    const char *kv_password; /* where that has none; may be NULL */
    Str rate_limits;         /* limits.h */
    Str proxies;             /* consumer.h */
    Str origins;             /* cors.h */
    bool identity_is_open;   /* identity.h */
    Str node_secret;         /* node.h; absent: nodes are strangers */
    const Clock *clock;
} GatewayConfig;

/* INVALID says which of the texts is wrong, and what would be right. */
Err gateway_create(const GatewayConfig *config, Gateway **out);
void gateway_destroy(Gateway *gateway); /* accepts NULL */

/* Who tells whose a credential is; before gateway_guard. Without one nobody can be known. */
void gateway_identify_by(Gateway *gateway, IdentifyFn identify, void *context);

/* Before the server starts. */
void gateway_guard(Gateway *gateway, Server *server);

#endif
