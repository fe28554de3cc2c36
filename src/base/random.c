#include "base/random.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/hex.h"

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

/* RFC 9562, section 6.2, method 3: milliseconds, then a fraction of 1/4096 ms where rand_a is, as one number. */
static uint64_t tick_of(int64_t time_us)
{
    uint64_t us = (uint64_t)time_us;

    return us / 1000 << 12 | (us % 1000 << 12) / 1000;
}

/* One that only ever rises, in this process, even when the clock is set back. */
static uint64_t next_tick(const Clock *clock)
{
    static _Atomic uint64_t last;
    uint64_t now = tick_of(clock_wall_us(clock));
    uint64_t before = atomic_load(&last);
    uint64_t tick;

    do
        tick = now > before ? now : before + 1;
    while (!atomic_compare_exchange_weak(&last, &before, tick));
    return tick;
}

/* The highest `count` bytes of a number, most significant first. */
static void put_bytes(uint8_t *out, uint64_t number, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(number >> (56 - 8 * i));
}

static void print_tick(uint64_t tick, char out[ID_TEXT])
{
    static const size_t GROUPS[] = {4, 2, 2, 2, 6}; /* bytes between the dashes */
    uint8_t bytes[16];

    put_bytes(bytes, (tick & ~UINT64_C(0xFFF)) << 4 | UINT64_C(0x7000) | (tick & 0xFFF), 8);
    put_bytes(bytes + 8, random_u64() >> 2 | UINT64_C(1) << 63, 8);
    const uint8_t *group = bytes;
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++) {
        out = hex_print(out, group, GROUPS[i]);
        *out++ = '-';
        group += GROUPS[i];
    }
    out[-1] = '\0';
}

void id_print(const Clock *clock, char out[ID_TEXT])
{
    print_tick(next_tick(clock), out);
}

Str id_of_moment(Arena *arena, int64_t time_us)
{
    char text[ID_TEXT];

    print_tick(tick_of(time_us), text);
    return str_copy(arena, (Str){text, ID_TEXT - 1});
}

Str id_new(Arena *arena, const Clock *clock)
{
    char text[ID_TEXT];

    id_print(clock, text);
    return str_copy(arena, (Str){text, ID_TEXT - 1});
}
