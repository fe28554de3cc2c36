"""Half an hour of everything at a walking pace: what is held at the end is what was held after warming up."""

import os
import random
import threading
import time

import requests

from harness import LEARN, NERDX, SHOWN, Comparison, Contender, nerdx, resident_mb

MINUTES, QUICK_MINUTES = 30, 1
VISITORS, REST_S = 8, 0.02
SAMPLES = 60
CHAT, QUERY = "/api/v1/agents/maeju/chat", "/api/v1/world-model/query"
ENTITY, RECOMMEND = "/api/v1/world-model/entity/makgeolli", "/api/v1/world-model/recommend/"
MESSAGES = ("What is nuruk?", "막걸리에 뭘 먹죠?", "Something drier, please.", "누가 만들었어요?", "I am from Icheon.")


def visit(url, visitor, number):
    """One visitor's minute: a guest comes, asks, is told, teaches, and goes."""
    guest = visitor.post(f"{url}/api/v1/auth/guest", timeout=60).json()
    shown, user = {"Authorization": f"Bearer {guest['access_token']}"}, guest["user_id"]
    event = {"event_id": f"{user}-1", "user_id": user, "type": "INTERESTED_IN", "entity_id": "makgeolli"}
    asked = [
        ("POST", QUERY, {"query": random.choice(MESSAGES)}),
        ("POST", LEARN, {"events": [event]}),
        *(("POST", CHAT, {"user_id": user, "session_id": f"s-{number}", "message": text}) for text in MESSAGES),
        ("GET", f"/api/v1/world-model/entity/{user}", None),
        ("GET", RECOMMEND + user, None),
        ("GET", ENTITY, None),
        ("DELETE", "/api/v1/auth/account", None),
    ]
    for method, path, body in asked:
        reply = visitor.request(method, url + path, json=body, headers=shown, timeout=60)
        assert reply.status_code == 200, (path, reply.text)
        time.sleep(REST_S)


def keep_visiting(url, until, failures):
    number = 0
    while time.monotonic() < until and not failures:
        try:
            with requests.Session() as visitor:
                visit(url, visitor, number)
        except Exception as failure:  # told by who waits for us
            failures.append(failure)
        number += 1


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def compare_soak(directory, plan):
    seconds = 60 * (QUICK_MINUTES if plan.seconds == 1 else MINUTES)
    held, failures = [], []
    with nerdx(directory / "soak", NERDX, SHOWN) as (process, url):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=keep_visiting, args=(url, until, failures)) for _ in range(VISITORS)]
        for thread in threads:
            thread.start()
        for number in range(SAMPLES):
            time.sleep(seconds / SAMPLES)
            held.append({"mb": resident_mb(process.pid), "fds": descriptors(process.pid)})
            print(f"  {number + 1} of {SAMPLES}: {held[-1]['mb']:.1f} MB, {held[-1]['fds']} descriptors", flush=True)
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
    third = SAMPLES // 3
    last = Contender("the last third", figures=held[-third:])
    warm = Contender("the second third", figures=held[third:-third])
    about = f"{seconds // 60} minutes, {VISITORS} visitors at once who come, talk, teach and have their account deleted"
    yield Comparison("Memory in a long run", about, "MB", "mb", last, [warm], ("ratio-most", 1.05))
    yield Comparison("Descriptors in a long run", about, "open", "fds", last, [warm], ("ratio-most", 1.05))
