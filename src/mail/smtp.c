/* The twin that gives letters to a relay (RFC 5321) by libcurl. TLS is checked against the relay's name, and asked for: only a relay on this
 * machine itself gets letters without. A connection a letter: few are written at once. */
#include <curl/curl.h>
#include <string.h>

#include "base/memory.h"
#include "mail/mailer.h"

/* A relay may look through a letter for long before it answers (RFC 5321, section 4.5.3.2.6). Whose job sends it has a minute. */
enum { TIMEOUT_MS = 50000, CONNECT_MS = 5000, GO_AHEAD = 354 };

static void release_handle(CURL **handle)
{
    curl_easy_cleanup(*handle);
}

static void release_list(struct curl_slist **list)
{
    curl_slist_free_all(*list);
}

/* "localhost:2525", "127.0.0.1", "[::1]:25" */
static bool is_this_machine(const char *rest)
{
    static const char *const NAMES[] = {"localhost", "127.0.0.1", "[::1]"};

    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        size_t len = strlen(NAMES[i]);
        if (strncmp(rest, NAMES[i], len) == 0 && (rest[len] == ':' || rest[len] == '\0'))
            return true;
    }
    return false;
}

/* What is left of a letter while it goes. */
static size_t give(char *into, size_t size, size_t count, void *context)
{
    Str *rest = context;
    size_t len = size * count < rest->len ? size * count : rest->len;

    memcpy(into, rest->data, len);
    *rest = str_slice(*rest, len, rest->len);
    return len;
}

static size_t ignore(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    (void)context;
    return size * count;
}

static void set_relay(CURL *handle, const MailerConfig *config)
{
    bool is_near = is_this_machine(strstr(config->url, "://") + 3);
    long timeout_ms = config->timeout_ms > 0 ? config->timeout_ms : TIMEOUT_MS;

    curl_easy_setopt(handle, CURLOPT_URL, config->url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_USE_SSL, (long)(is_near ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     timeout_ms < CONNECT_MS ? timeout_ms : (long)CONNECT_MS);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore);
    if (config->ca_file != NULL)
        curl_easy_setopt(handle, CURLOPT_CAINFO, config->ca_file);
    if (config->user != NULL)
        curl_easy_setopt(handle, CURLOPT_USERNAME, config->user);
    if (config->password != NULL)
        curl_easy_setopt(handle, CURLOPT_PASSWORD, config->password);
}

/* Replies that speak of the mailbox (RFC 5321, section 4.2.3), not of the letter or of us. */
static bool is_about_address(long reply)
{
    return reply == 550 || reply == 551 || reply == 553;
}

/* The relay's own words may quote the address: only their number goes on. */
static Err judge(CURLcode code, long reply, long last_step)
{
    if (code == CURLE_OK)
        return OK;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return err_detail(err(TIMED_OUT, "The letter couldn't be sent in time."), "the mail relay is silent");
    if (code == CURLE_LOGIN_DENIED || last_step == 0)
        return err_detail(err(UNAVAILABLE, "The letter can't be sent now."), "the mail relay: %s, reply %ld",
                          curl_easy_strerror(code), reply);
    if (code == CURLE_SEND_ERROR && is_about_address(reply))
        return err(GONE, "The address takes no letters (reply %ld).", reply);
    if (reply >= 500 && reply < 600)
        return err(is_about_address(reply) ? GONE : UNPROCESSABLE, "The letter was refused (reply %ld).",
                   reply);
    return err_detail(err(UNAVAILABLE, "The letter can't be sent now."), "the mail relay: %s, reply %ld",
                      curl_easy_strerror(code), reply);
}

/* Whether it came to the letter itself: what a relay says before (greeting, TLS, who we are) says nothing of it. */
static long is_past_hello(CURLcode code)
{
    return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_WEIRD_SERVER_REPLY ||
           code == CURLE_UPLOAD_FAILED || code == CURLE_QUOTE_ERROR;
}

/* The relay has all of it, and its answer didn't come. */
static bool may_have_gone(CURLcode code, long reply, Str rest)
{
    return code != CURLE_OK && reply == GO_AHEAD && rest.len == 0;
}

static Err transfer(CURL *handle, const MailerConfig *config, Arena *arena, const Mail *mail, Str letter)
{
    const char *to = str_format(arena, "<%.*s>", STR_ARG(mail->to)).data;
    Str sender = mail_bare_address(config->from);
    __attribute__((cleanup(release_list))) struct curl_slist *recipients = curl_slist_append(NULL, to);
    long reply = 0;

    set_relay(handle, config);
    curl_easy_setopt(handle, CURLOPT_MAIL_FROM, str_format(arena, "<%.*s>", STR_ARG(sender)).data);
    curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(handle, CURLOPT_READDATA, &letter);
    CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply);
    return may_have_gone(code, reply, letter)
               ? err_detail(err(CONFLICT, "It isn't known whether the letter was sent."),
                            "the mail relay: %s", curl_easy_strerror(code))
               : judge(code, reply, is_past_hello(code));
}

static Err send_letter(Mailer *mailer, Arena *arena, const Mail *mail)
{
    __attribute__((cleanup(release_handle))) CURL *handle = curl_easy_init();
    Str letter;

    TRY(mail_write(arena, &mailer->config, mail, &letter));
    return transfer(handle, &mailer->config, arena, mail, letter);
}

static void close_smtp(Mailer *mailer)
{
    memory_free(mailer);
}

Err smtp_mailer_open(const MailerConfig *config, const char *rest, Mailer **out)
{
    if (*rest == '\0' || strpbrk(rest, "@/ ?#") != NULL)
        return err(INVALID,
                   "mail: %s must be smtp://HOST:PORT or smtps://HOST:PORT; who we are there is mail_user",
                   config->url);
    *out = memory_new(Mailer);
    **out = (Mailer){*config, true, send_letter, close_smtp};
    return OK;
}
