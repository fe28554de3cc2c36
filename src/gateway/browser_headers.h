/* What browsers are told to be careful of (OWASP ASVS 5, V3.4): pages run and load only files of ours (Content Security Policy 3),
 * answers of the API load nothing, nobody frames either, no address is told to other sites. Where a proxy we trust says
 * that it was reached by TLS, browsers are told to come back only so, for a year (RFC 6797). nosniff is the server's own. */
#ifndef NERDX_GATEWAY_BROWSER_HEADERS_H
#define NERDX_GATEWAY_BROWSER_HEADERS_H

#include "gateway/consumer.h"
#include "http/server.h"

/* The proxies must outlive the server. */
Filter browser_headers_filter(const Proxies *proxies);

#endif
