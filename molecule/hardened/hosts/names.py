# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Internet's names, as far as this scenario goes: a DNS server on loopback that answers three questions and denies all others."""

import socket
import struct

ADDRESS, NO_SUCH_NAME = 1, 3
# RFC 5782: 127.0.0.2 is a listing. 127.255.255.254 is what Spamhaus tells a public resolver: no listing.
ANSWERS = (("external.example", "203.0.113.1"), (".100.51.198.dnsbl.example", "127.0.0.2"), (".dnsbl.example", "127.255.255.254"))


def question(packet):
    """The name that a query asks for, the type, and where the question ends (RFC 1035, 4.1.2)."""
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode().lower())
        at += 1 + packet[at]
    return ".".join(labels), struct.unpack("!H", packet[at + 1 : at + 3])[0], at + 5


def reply(packet):
    """The answer to a query: an address, no data, or no such name."""
    name, kind, end = question(packet)
    address = next((address for suffix, address in ANSWERS if name.endswith(suffix)), None)
    found = address is not None and kind == ADDRESS
    header = packet[:2] + struct.pack("!HHHHH", 0x8180 | (0 if address else NO_SUCH_NAME), 1, found, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", ADDRESS, 1, 60, 4) + socket.inet_aton(address) if found else b""
    return header + packet[12:end] + record


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
while True:
    query, client = server.recvfrom(4096)
    server.sendto(reply(query), client)
