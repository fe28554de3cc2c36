"""People who call: guests and members, what they show, and the letters they get."""

import email
import email.policy
import re
import uuid

from conversation import until

AUTH = "/api/v1/auth"
PASSWORD = "wide river under stars"


def begin_guest(nerdx):
    reply = nerdx.post(f"{AUTH}/guest")
    assert reply.status_code == 200, reply.text
    return reply.json()


def bearer(person):
    return {"Authorization": f"Bearer {person['access_token']}"}


def everywhere(nerdx, holds):
    """Whether it holds of whichever process is asked: of one program at once, of a fleet once each of it has heard."""
    ways = getattr(nerdx, "ways", None)
    return until(lambda: all(map(holds, ways))) if ways else holds(nerdx)


def is_over(nerdx, person):
    """Whether what shows who they are is refused."""
    return everywhere(nerdx, lambda way: way.get(f"{AUTH}/account", headers=bearer(person)).status_code == 401)


def someone():
    """An address that nobody had before."""
    return f"{uuid.uuid4().hex[:12]}@example.com"


def letters(nerdx, address):
    """The letters to an address, oldest first."""
    found = []
    for path in sorted((nerdx.data / "mail").glob("*.eml")):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if letter["To"].lower() == address.lower():
            found.append(letter)
    return found


def token_in(letter):
    return re.search(r"\bne_[0-9a-f]{64}\b", letter.get_content())[0]


def sign_up(nerdx, address=None, password=PASSWORD, guest=None):
    """A member, signed in; one who was a guest before, where there is one."""
    address = address or someone()
    headers = bearer(guest) if guest else {}
    asked = nerdx.post(f"{AUTH}/sign-up", {"email": address, "password": password}, headers=headers)
    assert asked.status_code == 202, asked.text
    token = token_in(letters(nerdx, address)[-1])
    reply = nerdx.post(f"{AUTH}/verify-email", {"token": token, "password": password})
    assert reply.status_code == 200, reply.text
    return {**reply.json(), "email": address}


def sign_in(nerdx, address, password=PASSWORD, **options):
    return nerdx.post(f"{AUTH}/sign-in", {"email": address, "password": password}, **options)
