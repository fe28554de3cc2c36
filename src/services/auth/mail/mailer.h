/* Sends letters. One interface, a file a twin: a folder of .eml files (a node by itself, and tests), and none at all.
 * Thread-safe. Nothing here logs an address. */
#ifndef NERDX_SERVICES_AUTH_MAIL_MAILER_H
#define NERDX_SERVICES_AUTH_MAIL_MAILER_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

/* Texts without control characters but the text's line ends. */
typedef struct Mail {
    Str to; /* an address: ASCII */
    Str subject;
    Str text;
} Mail;

typedef struct Mailer Mailer;

struct Mailer {
    const Clock *clock;
    Err (*send)(Mailer *mailer, Arena *arena, const Mail *mail); /* errors: FORBIDDEN, UNAVAILABLE */
    void (*close)(Mailer *mailer);
};

/* url: "file:/folder" (made when it isn't there; 0700), or "none": then every letter is refused with UNAVAILABLE, as who
 * waits for one would wait for ever. Errors: INVALID, and those of making the folder. */
Err mailer_open(const char *url, const Clock *clock, Mailer **out);
void mailer_close(Mailer *mailer); /* accepts NULL */

/* A letter as it goes over the wire (RFC 5322, RFC 2047, RFC 2045), with CRLF. */
Str mail_write(Arena *arena, const Clock *clock, const Mail *mail);

/* The twins. */
Err folder_mailer_open(const char *folder, const Clock *clock, Mailer **out);
Err no_mailer_open(const char *ignored, const Clock *clock, Mailer **out);

#endif
