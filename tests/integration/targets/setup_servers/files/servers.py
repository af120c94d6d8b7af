# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Usage: servers.py FILE   Serves on loopback, and writes the ports into FILE. Ends when FILE is gone, after two minutes at the latest.

dns: a blocklist, list.example, that holds its test points and 192.0.2.99. open: an SMTP server that takes every plain address; closed: none.
"""

import json
import os
import re
import socketserver
import sys
import threading
import time

LISTED = (b"\x012\x010\x010\x03127\x04list", b"\x0299\x012\x010\x03192\x04list")
# ::FFFF:7F00:2, the test point for IPv6
LISTED += (b"".join(b"\x01" + digit.encode() for digit in "20000" + "0f7ffff" + "0" * 20) + b"\x04list",)
A, NXDOMAIN = 1, 3


class Dns(socketserver.BaseRequestHandler):
    def handle(self):
        query, sock = self.request
        end = query.index(b"\0", 12)
        question, kind = query[12:end + 5], int.from_bytes(query[end + 1:end + 3], "big")
        listed = query[12:end].lower().startswith(LISTED)
        answers = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x7f\0\0\x02" if listed and kind == A else b""
        flags = bytes([0x84, 0x80 if listed else 0x80 | NXDOMAIN])
        sock.sendto(query[:2] + flags + b"\0\x01" + bytes([0, 1 if answers else 0]) + b"\0" * 4 + question + answers, self.client_address)


class Open(socketserver.StreamRequestHandler):
    @staticmethod
    def to_rcpt(line):
        return "250 2.1.5 Ok" if re.search(br"<[a-z]+@[a-z.]+>", line) else "501 5.1.3 Bad recipient address syntax"

    def handle(self):
        self.say("220 mx.example.com ESMTP")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"QUIT":
                return self.say("221 2.0.0 Bye")
            self.say(self.to_rcpt(line) if verb == b"RCPT" else "250 2.1.0 Ok")
        return None

    def say(self, reply):
        self.wfile.write(reply.encode() + b"\r\n")


class Closed(Open):
    @staticmethod
    def to_rcpt(line):
        return "554 5.7.1 Relay access denied"


class Threads(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True


def main(path):
    here = ("127.0.0.1", 0)
    servers = {"dns": socketserver.UDPServer(here, Dns), "open": Threads(here, Open), "closed": Threads(here, Closed)}
    for server in servers.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(path + ".new", "w") as stream:
        json.dump({name: server.server_address[1] for name, server in servers.items()}, stream)
    os.rename(path + ".new", path)
    deadline = time.monotonic() + 120
    while os.path.exists(path) and time.monotonic() < deadline:
        time.sleep(0.2)


main(sys.argv[1])
