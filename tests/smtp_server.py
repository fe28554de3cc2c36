"""A relay for the tests: aiosmtpd with STARTTLS; the address chooses its answer (`later-…`, `gone-…`, `never-…`).

Who is in `hung_up_on` has their letters taken, and no answer: the connection ends. Who is in `put_off` is told to come
again.
"""

import email
import email.policy
import ssl

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from server_process import free_port, make_certificate

START_LIMIT_S = 60  # a bound for a machine that hangs
ANSWERS = {"later": "451 4.3.0 try again later", "gone": "550 5.1.1 no such mailbox", "never": "554 5.7.1 not this one"}


class Relay:
    """url, cert (its own authority); letters: (envelope, message, whether it came by TLS), in the order they came."""

    def __init__(self, folder, with_tls=True, host="localhost"):
        self.letters, self.answers = [], dict(ANSWERS)
        self.hung_up_on, self.put_off = set(), set()
        self.heard = {}  # what is done with the letter to an address before it is taken
        self.cert, key = make_certificate(folder)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if with_tls else None
        if with_tls:
            self.context.load_cert_chain(self.cert, key)
        relay = self

        class Listening(Controller):
            def factory(self):
                return SMTP(relay, tls_context=relay.context, require_starttls=with_tls, hostname="relay.test")

        self.controller = Listening(self, hostname=host, port=free_port(), ready_timeout=START_LIMIT_S)

    def __enter__(self):
        self.controller.start()
        host, port = self.controller.hostname, self.controller.port
        self.url = f"smtp://{host}:{port}"
        return self

    def __exit__(self, *what_happened):
        self.controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = ANSWERS["later"] if address in self.put_off else self.answers.get(address.split("-")[0])
        if answer:
            return f"{answer} <{address}>"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope, message, session.ssl is not None))
        for address in envelope.rcpt_tos:
            self.heard.get(address, id)(message)
        if self.hung_up_on & set(envelope.rcpt_tos):
            server.transport.abort()
        return "250 OK"

    def to(self, address):
        return [(envelope, message, tls) for envelope, message, tls in self.letters if address in envelope.rcpt_tos]
