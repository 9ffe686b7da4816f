#!/usr/bin/env python3
"""Asks our STUN server by coturn's client, and by hand where that client has no way.

PARLEY_BINARY is the server; exit code 0 means that all went well.
"""
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile

BINARY = os.environ.get("PARLEY_BINARY", "build/release/parley")
COOKIE = 0x2112A442
TIMEOUT = 10  # Seconds, for any one step.


def free_port():
    """A port that is free for UDP and TCP now."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            try:
                tcp.bind(("127.0.0.1", udp.getsockname()[1]))
            except OSError:
                continue
            return udp.getsockname()[1]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
            udp.bind(("::1", 0))
            return True
    except OSError:
        return False


def request(transaction):
    return struct.pack(">HHI", 0x0001, 0, COOKIE) + transaction


def mapped_address(answer, transaction):
    """The address in a Binding success response (RFC 8489, 14.2), read independently of our code."""
    kind, length, cookie = struct.unpack(">HHI", answer[:8])
    assert (kind, cookie) == (0x0101, COOKIE), answer.hex()
    assert answer[8:20] == transaction and len(answer) == 20 + length, answer.hex()
    mask = answer[4:20]
    at = 20
    while at < len(answer):
        kind, length = struct.unpack(">HH", answer[at : at + 4])
        value = answer[at + 4 : at + 4 + length]
        if kind == 0x0020:
            port = struct.unpack(">H", value[2:4])[0] ^ (COOKIE >> 16)
            raw = bytes(a ^ b for a, b in zip(value[4:], mask))
            family = {1: socket.AF_INET, 2: socket.AF_INET6}[value[1]]
            return socket.inet_ntop(family, raw), port
        at += 4 + (length + 3) // 4 * 4
    raise AssertionError("no XOR-MAPPED-ADDRESS in " + answer.hex())


def read_exactly(stream, size):
    data = b""
    while len(data) < size:
        part = stream.recv(size - len(data))
        assert part, "the server closed the connection"
        data += part
    return data


def coturns_client_learns_its_address(port):
    run = subprocess.run(
        ["turnutils_stunclient", "-p", str(port), "127.0.0.1"],
        capture_output=True, text=True, timeout=TIMEOUT, check=False)
    output = run.stdout + run.stderr
    assert re.search(r"UDP reflexive addr: 127\.0\.0\.1:\d+", output), output


def udp_tells_the_address(port, host, family):
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(TIMEOUT)
        udp.connect((host, port))  # So that only an answer from the asked address arrives.
        transaction = os.urandom(12)
        udp.send(request(transaction))
        assert mapped_address(udp.recv(2048), transaction) == udp.getsockname()[:2]


def tcp_tells_the_address(port, host):
    with socket.create_connection((host, port), timeout=TIMEOUT) as tcp:
        transactions = [os.urandom(12) for _ in range(3)]
        stream = b"".join(request(transaction) for transaction in transactions)
        tcp.sendall(stream[:25])  # The second request is split.
        tcp.sendall(stream[25:])
        for transaction in transactions:
            header = read_exactly(tcp, 20)
            answer = header + read_exactly(tcp, struct.unpack(">H", header[2:4])[0])
            assert mapped_address(answer, transaction) == tcp.getsockname()[:2]


def noise_gets_no_answer(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(TIMEOUT)
        udp.connect(("127.0.0.1", port))
        transaction = os.urandom(12)
        success = struct.pack(">HHI", 0x0101, 0, COOKIE) + os.urandom(12)
        for noise in (b"", b"x" * 100, b"\x00" * 20, success, os.urandom(1400)):
            udp.send(noise)
        udp.send(request(transaction))  # Answered first, if the rest was not.
        mapped_address(udp.recv(2048), transaction)


def run_all(port, with_ipv6):
    yield coturns_client_learns_its_address, (port,)
    yield udp_tells_the_address, (port, "127.0.0.1", socket.AF_INET)
    yield udp_tells_the_address, (port, "127.0.0.2", socket.AF_INET)
    yield tcp_tells_the_address, (port, "127.0.0.1")
    yield noise_gets_no_answer, (port,)
    if with_ipv6:
        yield udp_tells_the_address, (port, "::1", socket.AF_INET6)
        yield tcp_tells_the_address, (port, "::1")


def main():
    with_ipv6 = has_ipv6()
    port = free_port()
    with tempfile.TemporaryDirectory() as data:
        server = subprocess.Popen(
            [BINARY, "serve", "--listen", "127.0.0.1:0", "--https", "off", "--data", data,
             "--stun", f"[::]:{port}" if with_ipv6 else f"0.0.0.0:{port}"],
            stdout=subprocess.PIPE, text=True)
        try:
            ready = server.stdout.readline()
            assert ready.startswith("parley ready "), f"the server said {ready!r}"
            for test, arguments in run_all(port, with_ipv6):
                test(*arguments)
                print("ok", test.__name__, *arguments[1:2])
            server.send_signal(signal.SIGTERM)
            assert server.wait(TIMEOUT) == 0, f"the server exited with {server.returncode}"
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()


if __name__ == "__main__":
    sys.exit(main())
