# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in for the servers behind smtpd that say nothing about access: cleanup, verify, a SASL server.

A stub is an object with greeting (bytes sent at once) and reply(bytes) -> bytes; one is made for each connection.
Postfix's own attribute protocol is NAME NUL VALUE NUL ... NUL (src/util/attr_print0.c); from 3.6 on a server begins
by naming its protocol.
"""


def attributes(**pairs):
    """Encode an attribute list."""
    return b"".join(name.encode() + b"\0" + str(value).encode() + b"\0" for name, value in pairs.items()) + b"\0"


def decode(data):
    """Split a buffer into its complete attribute lists (dicts of str) and the unread rest."""
    found, current = [], {}
    while data:
        if data[:1] == b"\0":
            found.append(current)
            data, current = data[1:], {}
            tail = data
            continue
        parts = data.split(b"\0", 2)
        if len(parts) < 3:
            break
        current[parts[0].decode("latin-1")] = parts[1].decode("latin-1")
        data = parts[2]
    return found, (b"" if not data and not current else data if not found else tail)


class Cleanup:
    """cleanup(8): names the queue file, then swallows what smtpd writes."""

    def __init__(self, version):
        protocol = {"protocol": "cleanup_protocol"} if version >= (3, 6) else {}
        self.greeting = attributes(**protocol, queue_id="0RAC1E")

    def reply(self, _data):
        """Nothing: smtpd waits for a status only at the end of DATA, which no dialogue reaches."""
        return b""


class Verify:
    """verify(8): every address that it is asked about is deliverable, which is the best case for a stranger."""

    def __init__(self, version):
        self.greeting = attributes(protocol="address_verification_prrotocol") if version >= (3, 6) else b""
        self._rest = b""

    def reply(self, data):
        """One answer for each request."""
        asked, self._rest = decode(self._rest + data)
        return attributes(status=0, recipient_status=0, reason="stub") * len(asked)


class Dovecot:
    """The Dovecot authentication protocol's server side: any name with any password is good."""

    MECHANISMS = ("PLAIN\tplaintext", "SCRAM-SHA-256\tmutual-auth\tactive", "ORACLE\tforward-secrecy\tmutual-auth")

    def __init__(self, _version):
        lines = ["VERSION\t1\t1"] + ["MECH\t" + m for m in self.MECHANISMS] + ["SPID\t1", "CUID\t1", "COOKIE\t00", "DONE"]
        self.greeting = ("\n".join(lines) + "\n").encode()

    def reply(self, data):
        """Grant each AUTH request to the user "login"."""
        found = [line.split(b"\t") for line in data.split(b"\n") if line.startswith(b"AUTH\t")]
        return b"".join(b"OK\t" + words[1] + b"\tuser=login\n" for words in found)


class Policy:
    """A policy server that always answers the same action (SMTPD_POLICY_README)."""

    greeting = b""

    def __init__(self, action):
        self.action = action

    def __call__(self, _version):
        return Policy(self.action)

    def reply(self, data):
        """One action for each request, which ends with an empty line."""
        return ("action=%s\n\n" % self.action).encode() * data.count(b"\n\n")
