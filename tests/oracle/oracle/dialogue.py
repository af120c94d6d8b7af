# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of smtpd, and how its answer is named."""

from dataclasses import dataclass, field

# smtpd says this when it met something in its configuration that it cannot evaluate (smtpd_check.c).
BROKEN = ("server configuration error", "server configuration problem", "temporary lookup failure",
          "temporary lookup error", "server local data error")
# So it replaces a reply of its own that has a code which it must not have.
BAD_CODE = "4.7.1 Service unavailable"


@dataclass(frozen=True)
class Dialogue:
    """One attempt to hand over one recipient.

    client_address  IPv4 or IPv6 address in text form
    client_name     its verified host name; None: a client without one (Postfix calls it "unknown")
    reverse_name    its unverified PTR name where it differs from client_name; None: the same
    helo            argument of EHLO; None: the client says no greeting
    sender          what stands between < and > in MAIL FROM; "" is the null sender
    recipient       what stands between < and > in RCPT TO
    login           SASL login name of a client that authenticated; None: it did not
    esmtp           False: greets with HELO
    mail_options    what follows the address in MAIL FROM, as "SMTPUTF8"
    xclient         only with peer="pass" or "haproxy": the client's own XCLIENT claims, {"ADDR": "127.0.0.1"}
    """

    client_address: str = "203.0.113.9"
    client_name: str = None
    helo: str = "client.example.net"
    sender: str = "sender@example.net"
    recipient: str = "user@elsewhere.example"
    login: str = None
    reverse_name: str = None
    esmtp: bool = True
    mail_options: str = ""
    xclient: dict = field(default=None, hash=False)

    @property
    def client(self):
        """Everything that belongs to the connection, not to the message."""
        claims = tuple(sorted((self.xclient or {}).items()))
        return (self.client_address, self.client_name, self.reverse_name, self.login, self.helo, self.esmtp, claims)


@dataclass(frozen=True)
class Reply:
    """smtpd's answer, or its end.

    code   three digits as a number; None when smtpd died or hung up
    text   the reply's text, or the reason for which it died as the log has it
    stage  CONNECT, EHLO, MAIL or RCPT: where the dialogue stopped
    log    the lines that smtpd logged since the dialogue began
    """

    code: int
    text: str
    stage: str
    log: tuple = ()

    @property
    def outcome(self):
        """accepted, discarded, refused, deferred, server error, dead."""
        if self.code is None:
            return "dead"
        if self.code < 400:
            return "discarded" if any(": discard: " in line for line in self.log) else "accepted"
        if self.code >= 500:
            return "refused"
        text = self.text.lower()
        broken = self.text == BAD_CODE or any(phrase in text for phrase in BROKEN)
        return "server error" if broken else "deferred"


def xtext(value):
    """Encode a value of XCLIENT (RFC 3461, section 4)."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else "+%02X" % b
                   for c, b in ((chr(b), b) for b in value.encode()))


def _address(text):
    return "IPV6:" + text if ":" in text else text


def xclient_command(dialogue):
    """The XCLIENT line that makes smtpd take its client for the one of the dialogue."""
    name = dialogue.client_name
    words = ["XCLIENT", "ADDR=" + _address(dialogue.client_address), "NAME=" + (xtext(name) if name else "[UNAVAILABLE]")]
    reverse = dialogue.reverse_name or name
    words.append("REVERSE_NAME=" + (xtext(reverse) if reverse else "[UNAVAILABLE]"))
    words.append("PORT=40000")
    words.append("LOGIN=" + (xtext(dialogue.login) if dialogue.login else "[UNAVAILABLE]"))
    return " ".join(words)


def claims_command(claims):
    """The XCLIENT line that a cheating client says."""
    return " ".join(["XCLIENT"] + ["%s=%s" % (key, xtext(value)) for key, value in claims.items()])


def line(text):
    """One command line in bytes.

    Raises ValueError for text that would be more than one line.
    """
    data = text.encode("utf-8", "surrogateescape")
    if b"\r" in data or b"\n" in data:
        raise ValueError("a command is one line: %r" % text)
    return data + b"\r\n"
