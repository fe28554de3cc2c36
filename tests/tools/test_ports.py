"""Ports that tests choose are nobody else's, also before a server listens there or while it is down."""

import os
import subprocess
import sys

import server_process

OTHER = "import server_process, sys; print(server_process.reserve(int(sys.argv[1])))"


def other_reserves(port):
    command = [sys.executable, "-c", OTHER, str(port)]
    env = {**os.environ, "PYTHONPATH": os.path.dirname(server_process.__file__)}
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip() == "True"


def test_a_port_is_given_once():
    ports = [server_process.free_port() for _ in range(500)]
    assert len(set(ports)) == len(ports)


def test_another_process_gets_another():
    port = server_process.free_port()
    assert not other_reserves(port)


def test_what_another_process_had_is_free_when_it_has_ended():
    port = next(port for port in server_process.PORTS if other_reserves(port))
    assert server_process.reserve(port)
