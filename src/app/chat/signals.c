#include "app/chat/signals.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static sem_t wakes;
static atomic_bool interrupted;
static atomic_bool redraw;

static void note_signal(int number)
{
    int saved = errno;

    atomic_store(number == SIGINT ? &interrupted : &redraw, true);
    (void)sem_post(&wakes);
    errno = saved;
}

/* Not SA_RESTART: whoever waits for a key is to look up. */
void signals_begin(bool at_terminal)
{
    static const int NUMBERS[] = {SIGINT, SIGWINCH, SIGCONT};
    struct sigaction action = {.sa_handler = note_signal};

    (void)sem_init(&wakes, 0, 0);
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; at_terminal && i < sizeof NUMBERS / sizeof *NUMBERS; i++)
        (void)sigaction(NUMBERS[i], &action, NULL);
}

bool signals_interrupted(void)
{
    return atomic_exchange(&interrupted, false);
}

bool signals_redraw(void)
{
    return atomic_exchange(&redraw, false);
}

void signals_wake(void)
{
    (void)sem_post(&wakes);
}

void signals_sleep(void)
{
    (void)sem_wait(&wakes); /* a signal ends it too */
}
