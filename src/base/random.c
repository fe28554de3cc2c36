#include "base/random.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void fill(void *out, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = getrandom((char *)out + done, size - done, 0);
        if (got < 0 && errno != EINTR) {
            (void)fprintf(stderr, "nerdx: the kernel gives no random bytes: %s\n", strerror(errno));
            abort();
        }
        done += got > 0 ? (size_t)got : 0;
    }
}

/* A thread's stock of random bytes: one system call for many ids. Used bytes are wiped; the program never
 * forks, so no two processes share a stock. */
static _Thread_local struct Stock {
    unsigned char bytes[256];
    size_t left;
} stock;

void random_bytes(void *out, size_t size)
{
    if (size > sizeof stock.bytes) {
        fill(out, size);
        return;
    }
    if (stock.left < size) {
        fill(stock.bytes, sizeof stock.bytes);
        stock.left = sizeof stock.bytes;
    }
    stock.left -= size;
    memcpy(out, stock.bytes + stock.left, size);
    explicit_bzero(stock.bytes + stock.left, size);
}

uint64_t random_u64(void)
{
    uint64_t value;

    random_bytes(&value, sizeof value);
    return value;
}

/* RFC 9562, section 6.2, method 3: milliseconds, then a fraction of 1/4096 ms where rand_a is, as one number
 * that only ever rises, in this process, even when the clock is set back. */
static uint64_t next_tick(const Clock *clock)
{
    static _Atomic uint64_t last;
    uint64_t us = (uint64_t)clock_wall_us(clock);
    uint64_t now = us / 1000 << 12 | (us % 1000 << 12) / 1000;
    uint64_t before = atomic_load(&last);
    uint64_t tick;

    do
        tick = now > before ? now : before + 1;
    while (!atomic_compare_exchange_weak(&last, &before, tick));
    return tick;
}

void id_print(const Clock *clock, char out[ID_TEXT])
{
    uint64_t tick = next_tick(clock);
    uint64_t high = (tick & ~UINT64_C(0xFFF)) << 4 | UINT64_C(0x7000) | (tick & 0xFFF);
    uint64_t low = (random_u64() >> 2) | UINT64_C(1) << 63;

    (void)snprintf(out, ID_TEXT, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(high >> 32),
                   (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFFF), (unsigned)(low >> 48),
                   (unsigned long long)(low & 0xFFFFFFFFFFFF));
}

Str id_new(Arena *arena, const Clock *clock)
{
    char text[ID_TEXT];

    id_print(clock, text);
    return str_copy(arena, (Str){text, ID_TEXT - 1});
}
