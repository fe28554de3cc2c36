#include "app/stop.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

/* Posted by a signal that asks the program to stop. A handler, for a library may have started threads before main that
 * have no signal blocked: whichever gets it, nobody dies of it. */
static sem_t stop_asked;
static volatile sig_atomic_t stop_signal;
static sigset_t stop_signals;

static void ask_to_stop(int signal_number)
{
    int saved = errno;

    stop_signal = signal_number;
    (void)sem_post(&stop_asked);
    errno = saved;
}

/* Our own threads are started with these blocked, so that no call of theirs is interrupted. */
void stop_begin(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = SA_RESTART};

    (void)sem_init(&stop_asked, 0, 0);
    (void)sigemptyset(&stop_signals);
    (void)sigaddset(&stop_signals, SIGTERM);
    (void)sigaddset(&stop_signals, SIGINT);
    action.sa_mask = stop_signals;
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)pthread_sigmask(SIG_BLOCK, &stop_signals, NULL);
}

const char *stop_wait(void)
{
    (void)pthread_sigmask(SIG_UNBLOCK, &stop_signals, NULL);
    while (sem_wait(&stop_asked) != 0 && errno == EINTR)
        continue;
    return stop_signal == SIGTERM ? "TERM" : "INT";
}

void stop_wait_for(int ms)
{
    struct timespec end;

    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += ms / MS_PER_S;
    end.tv_nsec += (long)(ms % MS_PER_S) * NS_PER_MS;
    if (end.tv_nsec >= NS_PER_S) {
        end.tv_sec++;
        end.tv_nsec -= NS_PER_S;
    }
    while (sem_clockwait(&stop_asked, CLOCK_MONOTONIC, &end) != 0 && errno == EINTR)
        continue;
}
