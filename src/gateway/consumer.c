#include "gateway/consumer.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/buf.h"

enum { ADDRESS_BITS = 128, MAPPED_BITS = 96, NETWORK_BITS = 64, ADDRESS_TEXT = 64, MOST_HOPS = 32 };

static bool parse_address(Str text, uint8_t out[16])
{
    static const uint8_t MAPPED[12] = {[10] = 0xFF, [11] = 0xFF};
    char copy[ADDRESS_TEXT];

    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, out + sizeof MAPPED) == 1) {
        memcpy(out, MAPPED, sizeof MAPPED);
        return true;
    }
    return inet_pton(AF_INET6, copy, out) == 1;
}

static bool is_mapped(const uint8_t address[16])
{
    static const AddressBlock MAPPED = {{[10] = 0xFF, [11] = 0xFF}, MAPPED_BITS};

    return memcmp(address, MAPPED.bytes, MAPPED_BITS / 8) == 0;
}

static bool is_in_block(const AddressBlock *block, const uint8_t address[16])
{
    int whole = block->bits / 8;
    int rest = block->bits % 8;
    uint8_t mask = (uint8_t)(0xFF00 >> rest);

    return memcmp(block->bytes, address, (size_t)whole) == 0 &&
           (rest == 0 || (block->bytes[whole] & mask) == (address[whole] & mask));
}

static bool is_trusted(const Proxies *proxies, const uint8_t address[16])
{
    for (size_t i = 0; i < proxies->count; i++)
        if (is_in_block(&proxies->blocks[i], address))
            return true;
    return false;
}

static Err read_block(Str text, AddressBlock *out)
{
    size_t slash = str_find(text, STR("/"), 0);
    int64_t bits = ADDRESS_BITS;
    bool good = parse_address(str_slice(text, 0, slash), out->bytes);
    int most = good && is_mapped(out->bytes) ? ADDRESS_BITS - MAPPED_BITS : ADDRESS_BITS;

    if (good && slash != SIZE_MAX) {
        good = str_to_int(str_slice(text, slash + 1, text.len), &bits) && bits >= 0 && bits <= most;
        bits += ADDRESS_BITS - most;
    }
    out->bits = (int)bits;
    return good ? OK
                : err(INVALID, "\"%.*s\" is no block of addresses: 10.0.0.0/8 would be one", STR_ARG(text));
}

Err proxies_read(Str text, Proxies *out)
{
    Str block;

    *out = (Proxies){0};
    while (str_split(&text, ',', &block)) {
        block = str_trim(block);
        if (block.len == 0)
            continue;
        if (out->count == MOST_PROXIES)
            return err(INVALID, "these are more blocks of addresses than %d", MOST_PROXIES);
        TRY(read_block(block, &out->blocks[out->count++]));
    }
    return OK;
}

/* The last of a list, taken off it; false when there is none. */
static bool take_last(Str *list, Str *last)
{
    size_t comma = list->len;

    if (list->len == 0)
        return false;
    while (comma > 0 && list->data[comma - 1] != ',')
        comma--;
    *last = str_trim(str_slice(*list, comma, list->len));
    *list = str_slice(*list, 0, comma ? comma - 1 : 0);
    return true;
}

/* What a proxy writes of its client; what isn't an address ends the belief at the proxy itself. */
static void follow_proxies(const Proxies *proxies, Str forwarded, uint8_t address[16])
{
    uint8_t before[16];
    Str hop;

    for (int i = 0; i < MOST_HOPS && is_trusted(proxies, address); i++) {
        if (!take_last(&forwarded, &hop) || !parse_address(hop, before))
            return;
        memcpy(address, before, sizeof before);
    }
}

/* An id that wouldn't fit is none of ours: its address is counted. */
static bool known_consumer(const Identity *identity, char room[static CONSUMER_TEXT], Str *out)
{
    Str kind = identity->kind == IDENTITY_KEY ? STR("key:") : STR("user:");

    if (!identity->subject.data || identity->subject.len >= CONSUMER_TEXT - kind.len)
        return false;
    memcpy(room, kind.data, kind.len);
    memcpy(room + kind.len, identity->subject.data, identity->subject.len);
    *out = (Str){room, kind.len + identity->subject.len};
    return true;
}

bool consumer_is_proxy(const Proxies *proxies, const Exchange *exchange)
{
    uint8_t address[16];

    return parse_address(exchange->client, address) && is_trusted(proxies, address);
}

/* As the server prints it: it is its own text here, and needn't be read. */
static bool is_ipv4(Str client)
{
    return client.len > 0 && client.data[0] >= '0' && client.data[0] <= '9' &&
           memchr(client.data, ':', client.len) == NULL;
}

/* inet_ntop prints by printf, which costs as much as the rest of a line in the access log. */
static Str write_ipv4(const uint8_t parts[4], char room[static CONSUMER_TEXT])
{
    Buf out = {.data = room, .capacity = CONSUMER_TEXT};

    for (int i = 0; i < 4; i++) {
        if (i > 0)
            buf_put_char(&out, '.');
        buf_put_int(&out, parts[i]);
    }
    return buf_str(&out);
}

Str consumer_address(const Proxies *proxies, const Exchange *exchange, char room[static CONSUMER_TEXT])
{
    uint8_t address[16];

    if (exchange->origin.data) /* found out already */
        return exchange->origin;
    if (proxies->count == 0 && is_ipv4(exchange->client))
        return exchange->client;
    if (!parse_address(exchange->client, address))
        return STR("unknown");
    if (proxies->count > 0)
        follow_proxies(proxies, exchange_header(exchange, STR("x-forwarded-for")), address);
    if (is_mapped(address))
        return write_ipv4(address + 12, room);
    memset(address + NETWORK_BITS / 8, 0, NETWORK_BITS / 8);
    return str_from(inet_ntop(AF_INET6, address, room, CONSUMER_TEXT));
}

Str consumer_of(const Proxies *proxies, const Exchange *exchange, char room[static CONSUMER_TEXT])
{
    Str known;

    return known_consumer(&exchange->identity, room, &known) ? known
                                                             : consumer_address(proxies, exchange, room);
}

static Err note_origin(void *context, Exchange *exchange)
{
    char room[CONSUMER_TEXT];

    exchange->origin = str_copy(&exchange->arena, consumer_address(context, exchange, room));
    return OK;
}

Filter consumer_filter(const Proxies *proxies)
{
    return (Filter){.before = note_origin, .context = (void *)proxies};
}
