/* What browsers are told to be careful of (OWASP ASVS 5, V3.4), beside what pages say of themselves (http/assets.c) and the server's
 * nosniff: answers of the API load nothing and nobody frames them (Content Security Policy 3). Where a proxy we trust
 * says that it was reached by TLS, browsers are told to come back only so, for a year (RFC 6797). */
#ifndef NERDX_GATEWAY_BROWSER_HEADERS_H
#define NERDX_GATEWAY_BROWSER_HEADERS_H

#include "gateway/consumer.h"
#include "http/server.h"

/* The proxies must outlive the server. */
Filter browser_headers_filter(const Proxies *proxies);

#endif
