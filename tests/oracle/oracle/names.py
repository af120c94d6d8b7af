# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A name server for the daemons: a handful of records, NXDOMAIN for the rest, SERVFAIL below .broken.example."""

import ipaddress
import socket
import struct
import threading

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
NXDOMAIN, SERVFAIL = 3, 2

# The world's mail: example.net and elsewhere.example exist, mailed.example names our own host as its backup MX.
ZONE = {
    ("example.net", "MX"): ["10 mail.example.net"],
    ("example.net", "A"): ["203.0.113.80"],
    ("example.net", "NS"): ["ns.example.net"],
    ("ns.example.net", "A"): ["203.0.113.53"],
    ("mail.example.net", "A"): ["203.0.113.81"],
    ("elsewhere.example", "MX"): ["10 mail.elsewhere.example"],
    ("elsewhere.example", "NS"): ["ns.elsewhere.example"],
    ("ns.elsewhere.example", "A"): ["203.0.113.54"],
    ("mail.elsewhere.example", "A"): ["203.0.113.90"],
    ("mailed.example", "MX"): ["10 mail.mailed.example", "20 mx.oracle.example"],
    ("mail.mailed.example", "A"): ["198.51.100.80"],
    ("mx.oracle.example", "A"): ["192.0.2.25"],
    ("mx.oracle.example", "AAAA"): ["2001:db8:25::25"],
    ("oracle.example", "MX"): ["10 mx.oracle.example"],
    ("client.example.net", "A"): ["203.0.113.9"],
    # 203.0.113.9 is on this deny list and on this allow list, example.net on the right hand side ones.
    ("9.113.0.203.deny.oracle.example", "A"): ["127.0.0.2"],
    ("9.113.0.203.allow.oracle.example", "A"): ["127.0.0.2"],
    ("client.example.net.rhsallow.oracle.example", "A"): ["127.0.0.2"],
    ("example.net.rhsdeny.oracle.example", "A"): ["127.0.0.2"],
}


def _name(text):
    return b"".join(bytes([len(label)]) + label.encode("ascii") for label in text.split(".") if label) + b"\0"


def _data(kind, value):
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "MX":
        preference, host = value.split()
        return struct.pack(">H", int(preference)) + _name(host)
    if kind == "TXT":
        return bytes([len(value)]) + value.encode()
    return _name(value)


def _question(packet):
    labels, at = [], 12
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += 1 + packet[at]
    return ".".join(labels).lower(), struct.unpack(">H", packet[at + 1:at + 3])[0], at + 5


class NameServer:
    """Answers UDP queries from a dictionary of (name, type) to a list of values."""

    def __init__(self):
        self.records = dict(ZONE)

    def learn_client(self, address, name, reverse):
        """Make address resolve to name and back; without a name to reverse, which does not lead back; or to nothing."""
        pointer = ipaddress.ip_address(address).reverse_pointer
        self.records.pop((pointer, "PTR"), None)
        if name or reverse:
            self.records[(pointer, "PTR")] = [name or reverse]
        if name:
            self.records[(name.lower(), "AAAA" if ":" in address else "A")] = [address]

    def serve(self, bound):
        """Answer on this bound UDP socket until the process ends."""
        threading.Thread(target=self.loop, args=(bound,), daemon=True).start()

    def loop(self, bound):
        """Answer on this bound UDP socket, for ever."""
        while True:
            packet, peer = bound.recvfrom(4096)
            try:
                bound.sendto(self.answer(packet), peer)
            except (socket.error, struct.error, IndexError):
                continue

    def answer(self, packet):
        """The reply to one query, both in wire format (RFC 1035)."""
        name, number, end = _question(packet)
        values = [(kind, v) for kind, code in TYPES.items() if code == number for v in self.records.get((name, kind), ())]
        known = any(key[0] == name or key[0].endswith("." + name) for key in list(self.records))
        code = 0 if known else NXDOMAIN
        if name.endswith("broken.example"):
            code = SERVFAIL
        records = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", TYPES[kind], 1, 60, len(_data(kind, v))) + _data(kind, v)
                           for kind, v in values)
        header = packet[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, len(values), 0, 0)
        return header + packet[12:end] + records
