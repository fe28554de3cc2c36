/* A program that exists to be measured: the contract in api/echo.yaml on our server, and nothing else. */
#include <signal.h>
#include <stdio.h>

#include "api/echo.h"
#include "http/server.h"

Err echo_order(Call *call, const Order *in, Order *out)
{
    (void)call;
    *out = *in;
    return OK;
}

static Err serve(Server *server)
{
    sigset_t signals;
    int signal_number;

    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals,
                          NULL); /* before threads are started: only this one gets them */
    TRY(server_mount(server, &ECHO_OPERATIONS, NULL, false));
    TRY(server_start(server));
    printf("echo is ready: http://127.0.0.1:%d\n", server_port(server));
    (void)fflush(stdout);
    (void)sigwait(&signals, &signal_number);
    return OK;
}

int main(void)
{
    ServerConfig config = server_config_default();
    Server *server = NULL;

    config.listen = "127.0.0.1:0";
    Err e = server_create(&config, &server);
    if (!failed(&e))
        e = serve(server);
    if (failed(&e))
        (void)fprintf(stderr, "nerdx-echo: %s\n", e.message);
    server_destroy(server);
    return failed(&e) ? 1 : 0;
}
