/* The peer for sign-ins: nothing but Argon2id by libsodium, as large and as many at once as NERDX has them (passwords/hasher.h).
 * hashes SECONDS -> verified passwords a second. */
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { AT_ONCE = 4, PASSES = 2, MEMORY_BYTES = 19 << 20 };

static const char PASSWORD[] = "wide river under stars";
static char hash[crypto_pwhash_STRBYTES];
static double until;

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *verify(void *count)
{
    while (seconds() < until) {
        if (crypto_pwhash_str_verify(hash, PASSWORD, sizeof PASSWORD - 1) != 0)
            exit(1);
        ++*(long *)count;
    }
    return NULL;
}

int main(int count, char **words)
{
    pthread_t threads[AT_ONCE];
    long verified[AT_ONCE] = {0}, all = 0;
    if (count != 2 || sodium_init() < 0 ||
        crypto_pwhash_str_alg(hash, PASSWORD, sizeof PASSWORD - 1, PASSES, MEMORY_BYTES,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return 1;
    double begin = seconds();
    until = begin + atof(words[1]);
    for (int i = 0; i < AT_ONCE; i++)
        if (pthread_create(&threads[i], NULL, verify, &verified[i]) != 0)
            return 1;
    for (int i = 0; i < AT_ONCE; i++) {
        pthread_join(threads[i], NULL);
        all += verified[i];
    }
    printf("%.3f\n", (double)all / (seconds() - begin));
    return 0;
}
