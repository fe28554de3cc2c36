/* Sends letters. One interface, a file a twin: a relay by SMTP, a folder of .eml files (a node by itself, and tests), and none at all.
 *
 *     TRY(mailer_open(&(MailerConfig){.url = "smtp://relay.example.com:587", …}, &mailer));
 *     TRY(mailer->send(mailer, arena, &mail));
 *
 * Thread-safe. Nothing here logs an address, and no error tells one. */
#ifndef NERDX_MAIL_MAILER_H
#define NERDX_MAIL_MAILER_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

/* Texts without control characters but the bodies' line ends. */
typedef struct Mail {
    Str to; /* an address: ASCII */
    Str subject;
    Str text;
    Str html; /* the same for who wants it so; absent: text alone */
    Str id; /* the left part of Message-ID, the same whenever this letter is sent again; absent: a new one */
    Str unsubscribe; /* https address of RFC 8058's one click; absent: none */
} Mail;

typedef struct Mailer Mailer;

/* All of it must outlive the mailer. */
typedef struct MailerConfig {
    /* "file:/folder" (made when it isn't there; 0700), "none": every letter is refused with UNAVAILABLE, as who waits for one would
     * wait for ever; "smtp://host:587": STARTTLS, or nothing is sent, except to this machine itself; "smtps://host:465". */
    const char *url;
    Str from;             /* "NERDX <no-reply@nerdx.com>" */
    const char *user;     /* whom the relay knows us as; NULL: it doesn't ask */
    const char *password; /* and how */
    const char *ca_file;  /* who may speak for the relay; NULL: whom the system trusts */
    int timeout_ms;       /* of a letter; 0 = 50000 */
    const Clock *clock;
} MailerConfig;

struct Mailer {
    MailerConfig config;
    bool is_slow; /* sending waits for somebody else: have jobs do it */
    /* Errors: FORBIDDEN, UNAVAILABLE, TIMED_OUT (later it may go: connections, TLS, 4xx), CONFLICT (it may have gone: all of it was given, and
     * no answer came), UNPROCESSABLE (it never will: 5xx), GONE (the address takes no letters: 550, 551, 553), INVALID (no letter: an
     * address that is none, control characters). */
    Err (*send)(Mailer *mailer, Arena *arena, const Mail *mail);
    void (*close)(Mailer *mailer);
};

/* Errors: INVALID, and those of making the folder. */
Err mailer_open(const MailerConfig *config, Mailer **out);
void mailer_close(Mailer *mailer); /* accepts NULL */

/* A letter as it goes over the wire (RFC 5322, 2045, 2047, 8058), with CRLF. Errors: INVALID: nothing in it can become a header. */
Err mail_write(Arena *arena, const MailerConfig *config, const Mail *mail, Str *out);

/* The address within "Name <address>", or all of it. */
Str mail_bare_address(Str from);
/* Errors: INVALID for what is none that a letter goes to: ASCII, local@domain, no quoting, 254 bytes at the most. */
Err mail_check_address(Str address);

/* The twins. rest: the URL behind its scheme. */
Err folder_mailer_open(const MailerConfig *config, const char *rest, Mailer **out);
Err smtp_mailer_open(const MailerConfig *config, const char *rest, Mailer **out);
Err no_mailer_open(const MailerConfig *config, const char *rest, Mailer **out);

#endif
