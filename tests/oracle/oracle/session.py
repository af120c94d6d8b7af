# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session: one smtpd with its trivial-rewrite, asked as often as one likes."""

import base64
import os
import re
import shutil
import socket

from . import master_cf, stubs
from .dialogue import Dialogue, Reply, claims_command, line, xclient_command
from .installations import installations
from .master import Master
from .settings import EVERYWHERE, NO_TLS, SASL, SMTPD, XCLIENT, owners, settled
from .world import world

# A reply that takes longer than this counts as none. reject_unverified_* and policy retries take seconds.
PATIENCE = 30.0
# What kills a daemon on any machine but the one whose address is in inet_interfaces (src/global/own_inet_addr.c). No machine is called "all".
ELSEWHERE = re.compile(r"(?:no local interface found for|_interfaces: host not found:) (?!(?i:all|loopback-only)$)(\S+)", re.MULTILINE)
UNSUPPORTED = 555  # what smtpd says to an option that it does not have
PEERS = ("xclient", "pass", "haproxy")


def start(config, service="smtp", postfix=None, peer=None, stub=None, keep=(), extra=None):
    """Start the smtpd of a configuration directory.

    config   path of a directory with main.cf; a missing master.cf counts as the stock one
    service  name of the listener in master.cf, "smtp", "submission", "127.0.0.1:10025" ("smtp/pass" where two share it)
    postfix  a Postfix of installations(); default: the first
    peer     how the client's address reaches smtpd: "xclient"; "pass" (as postscreen hands a connection over, so that
             smtpd_authorized_xclient_hosts keeps its own value and smtpd looks up the client's name in DNS);
             "haproxy" (the client itself says PROXY ...; ask only where smtpd_upstream_proxy_protocol is haproxy).
             None: "xclient", but "pass" where the files name permit_inet_interfaces, which looks at the socket
    stub     {"private/policy": stubs.Policy("OK")}: more services on UNIX sockets below the queue directory
    keep     names of parameters that the harness must not override, as "smtpd_sasl_type"
    extra    {name: value}: more overrides for smtpd and trivial-rewrite
    Returns a Session. Raises FileNotFoundError without main.cf, KeyError for an unknown service,
    RuntimeError where no Postfix is installed.
    """
    found = [postfix] if postfix else installations()
    if not found:
        raise RuntimeError("no Postfix is installed here")
    config = os.path.abspath(config)
    return Session(found[0], config, service, peer or _peer(config), stub or {}, set(keep), extra or {})


def _peer(config):
    """How to bring the client's address: XCLIENT changes what smtpd thinks of it, not the socket."""
    for name in ("main.cf", "master.cf"):
        path = os.path.join(config, name)
        if os.path.exists(path) and world().isolated:
            with open(path, "rb") as stream:
                if b"permit_inet_interfaces" in stream.read().lower():
                    return "pass"
    return "xclient"


def listeners(config):
    """Names to give to start(): every smtpd of a configuration directory that takes connections.

    A list of str; a name that two types share comes as "name/type". One name where master(8) would refuse the file.
    """
    try:
        found = [entry for entry in master_cf.services(_master_text(config)) if entry.listens]
    except master_cf.MasterError:
        return ["smtp"]
    names = [entry.name for entry in found]
    return [entry.name if names.count(entry.name) == 1 else "%s/%s" % (entry.name, entry.type) for entry in found]


def _master_text(config):
    path = os.path.join(config, "master.cf")
    if not os.path.exists(path):
        return master_cf.STOCK
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return stream.read()


class Session:
    """See start(). A context manager; close() ends the daemons."""

    def __init__(self, postfix, config, service, peer, stub, keep, extra):
        if peer not in PEERS:
            raise ValueError("peer is one of %s" % (PEERS,))
        os.stat(os.path.join(config, "main.cf"))
        self.postfix, self.peer = postfix, peer
        self._parameters, self._adopted = (config, service, stub, keep, extra), []
        self._socket, self._buffer = None, b""
        self._client, self._pipelining, self._utf8, self._logged = None, False, True, 0
        self._handed_over = None
        self._launch(*self._parameters)

    def _launch(self, config, service, stub, keep, extra):
        self.master = Master(self.postfix)
        self.master.config = settled(config, os.path.join(self.master.queue, "config"))
        try:
            self._start_all(config, service, stub, keep, extra)
        except BaseException:
            self.close()
            raise

    def _start_all(self, config, service, stub, keep, extra):
        try:
            entries = master_cf.services(_master_text(config))
        except master_cf.MasterError as error:
            self.master.failures.append("master: fatal: %s" % error)
            self._smtpd = None
            return
        entry = master_cf.find(entries, service, "smtpd")
        if entry is None:
            raise KeyError(service)
        common = dict(EVERYWHERE, queue_directory=self.master.queue, data_directory=self.master.queue + "/data",
                      process_id_directory="pid", **owners(), **self.postfix.overrides())
        settings = dict(common, **SMTPD, **NO_TLS, **SASL)
        if self.peer == "xclient":
            settings.update(XCLIENT)
        for name in keep:
            settings.pop(name, None)
        settings.update(extra)
        rewrite = master_cf.find(entries, "rewrite", "trivial-rewrite") or master_cf.Service(
            "rewrite", "unix", "trivial-rewrite", ())
        self.master.stub("public/cleanup", stubs.Cleanup)
        self.master.stub("private/verify", stubs.Verify)
        self.master.stub("private/oracle-auth", stubs.Dovecot)
        for path, make in stub.items():
            self.master.stub(path, make)
        for other in entries:
            if other.command == "trivial-rewrite" and other.name != "rewrite":
                self.master.on_demand("private/" + other.name, other, dict(common, **extra))
        for name in ("proxymap", "tlsmgr"):
            known = master_cf.find(entries, name, name) or master_cf.Service(name, "unix", name, ())
            self.master.on_demand("private/" + name, known, common)
        transport = "pass" if self.peer == "pass" else "unix"
        self._smtpd = self.master.daemon("listen", entry, settings, transport)
        self._rewrite = self.master.daemon("private/rewrite", rewrite, dict(common, **extra))

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    @property
    def log(self):
        """Everything that the daemons logged, a list of str."""
        return self.master.log

    @property
    def dead(self):
        """Why smtpd or trivial-rewrite died, or None while they live."""
        return self.master.failures[0] if self.master.failures else None

    def ask(self, dialogue=None, **fields):
        """Hold one dialogue: a Dialogue, or its fields. Returns a Reply."""
        return self.ask_all([dialogue or Dialogue(**fields)])[0]

    def ask_all(self, dialogues):
        """Hold many dialogues over as few connections as can be; returns the list of replies."""
        return [self._one(dialogue) for dialogue in dialogues]

    def close(self):
        """Hang up and end the daemons."""
        self._stop()
        for address in self._adopted:
            world().disown(address)

    def _stop(self):
        self.hang_up()
        if self._handed_over is not None:
            self._handed_over.close()
        self._handed_over = None
        self.master.close()
        shutil.rmtree(self.master.queue, ignore_errors=True)

    def hang_up(self):
        """End the connection; the next dialogue opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer, self._client = None, b"", None

    def _one(self, dialogue):
        declared = self._utf8
        reply = self._attempt(dialogue)
        return self._attempt(dialogue) if declared and not self._utf8 else reply

    def _attempt(self, dialogue):
        self._logged = len(self.master.log)
        if self._client != dialogue.client:
            refusal = self._introduce(dialogue)
            if refusal is not None:
                self.hang_up()
                return self._reply(*refusal)
        if self._pipelining:
            return self._finish(self._talk([self._mail(dialogue), self._rcpt(dialogue), b"RSET\r\n"]))
        answers = self._talk([self._mail(dialogue)])
        if answers[-1][0] and answers[-1][0] < 400:
            answers += self._talk([self._rcpt(dialogue)])
        return self._finish(answers + self._talk([b"RSET\r\n"]))

    def _mail(self, dialogue):
        options = dialogue.mail_options
        if self._utf8 and not options and not (dialogue.sender + dialogue.recipient).isascii():
            options = "SMTPUTF8"  # as every client that can says of such addresses
        return line(("MAIL FROM:<%s> %s" % (dialogue.sender, options)).rstrip())

    @staticmethod
    def _rcpt(dialogue):
        return line("RCPT TO:<%s>" % dialogue.recipient)

    def _finish(self, answers):
        """The verdict among the answers to MAIL, RCPT (unless MAIL was refused) and RSET."""
        mail, rcpt = answers[0], answers[min(1, len(answers) - 1)]
        if answers[-1][0] is None or answers[-1][0] >= 400:
            self.hang_up()
        if mail[0] is None or mail[0] >= 400:
            self._utf8 = self._utf8 and mail[0] != UNSUPPORTED
            return self._reply(mail[0], mail[1], "MAIL")
        return self._reply(rcpt[0], rcpt[1], "RCPT")

    def _reply(self, code, text, stage):
        self.master.once()
        return Reply(code, text, stage, tuple(self.master.log[self._logged:]))

    def _introduce(self, dialogue):
        """Connect and greet as the dialogue's client. Returns None, or the reply that ended it."""
        greeting = self._connect(dialogue)
        if greeting[0] != 220:
            return greeting + ("CONNECT",)
        commands = []
        if self.peer == "xclient":
            commands.append(("CONNECT", xclient_command(dialogue)))
        if dialogue.xclient:
            commands.append(("XCLIENT", claims_command(dialogue.xclient)))
        if dialogue.helo is not None:
            commands.append(("EHLO", ("EHLO " if dialogue.esmtp else "HELO ") + dialogue.helo))
        if dialogue.login and self.peer != "xclient":
            token = base64.b64encode(b"\0login\0secret").decode()
            commands.append(("AUTH", "AUTH PLAIN " + token))
        self._pipelining = False
        for stage, command in commands:
            code, text = self._talk([line(command)])[0]
            self._pipelining = self._pipelining or stage == "EHLO" and "PIPELINING" in text
            if code is None or code >= 400:
                # The honest client goes on when its claim is refused.
                if stage == "XCLIENT" and code not in (None, 421):
                    continue
                return code, text, stage
        self._client = dialogue.client
        return None

    def _connect(self, dialogue):
        """The greeting: of a fresh connection, or what a living one would greet with."""
        # Without a greeting, what the lists made of the last client's name would still be there.
        if self._socket is not None and self.peer == "xclient" and dialogue.helo is not None:
            return 220, "still connected"
        self.hang_up()
        if self._smtpd is None:
            return None, self.dead
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            stream.connect(os.path.join(self.master.queue, "listen"))
        except ConnectionRefusedError:
            stream.close()
            return None, self._why()
        if self.peer == "pass":
            stream = self._hand_over(stream, dialogue)
        self._socket = stream
        if self.peer == "haproxy":
            six = ":" in dialogue.client_address
            world().names.learn_client(dialogue.client_address, dialogue.client_name, dialogue.reverse_name)
            stream.sendall(line("PROXY %s %s %s 40000 25" % (
                "TCP6" if six else "TCP4", dialogue.client_address, "2001:db8:25::25" if six else "192.0.2.25")))
        greeting = self._read_reply()
        again = self._moved_in() if greeting[0] is None else greeting[0] != 220 and self._unwelcome()
        return self._connect(dialogue) if again else greeting

    def _unwelcome(self):
        """Was the greeting's refusal meant for localhost? Then start anew, so that smtpd sees the client from the first."""
        if self.peer != "xclient" or not world().isolated:
            return False
        self.peer = "pass"
        self._stop()
        self._launch(*self._parameters)
        return True

    def _moved_in(self):
        """Did smtpd die for want of the other machine's own address? Then give it that address and start anew."""
        wanted = ELSEWHERE.search(self.dead or "")
        if not wanted or not world().isolated or len(self._adopted) > 8:
            return False
        address = world().adopt(wanted.group(1))
        if address is None:
            return False
        self._adopted.append(address)
        self._stop()
        self._launch(*self._parameters)
        return True

    def _hand_over(self, stream, dialogue):
        """Pass one end of a socket pair as postscreen passes its client (src/postscreen/postscreen_send.c)."""
        world().names.learn_client(dialogue.client_address, dialogue.client_name, dialogue.reverse_name)
        ours, theirs = socket.socketpair()
        socket.send_fds(stream, [b"\0"], [theirs.fileno()])
        server = "2001:db8:25::25" if ":" in dialogue.client_address else "192.0.2.25"
        stream.sendall(stubs.attributes(client_address=dialogue.client_address, client_port=40000,
                                        server_address=server, server_port=25))
        theirs.close()
        if self._handed_over is not None:
            self._handed_over.close()
        self._handed_over = stream
        return ours

    def _talk(self, commands):
        """Send commands in one go; returns (code, text) for each, (None, reason) once smtpd is gone."""
        try:
            self._socket.sendall(b"".join(commands))
        except OSError:
            pass
        return [self._read_reply() for _ in commands]

    def _read_reply(self):
        lines = []
        while True:
            text = self._read_line()
            if text is None:
                return None, self._why()
            lines.append(text[4:])
            if text[3:4] != "-":
                return int(text[:3]), " ".join(lines)

    def _read_line(self):
        while b"\n" not in self._buffer:
            if self._socket is None or not self.master.pump(self._socket, lambda: self._failed(), PATIENCE):
                return None
            try:
                data = self._socket.recv(65536)
            except OSError:
                data = b""
            if not data:
                return None
            self._buffer += data
        text, self._buffer = self._buffer.split(b"\n", 1)
        return text.decode("utf-8", "replace").rstrip("\r")

    def _failed(self):
        return bool(self.master.failures) or self.master.ended(self._smtpd) is not None

    def _why(self):
        self.master.once()
        status = self.master.ended(self._smtpd)
        if not self.dead and status is not None:
            how = "by signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "with status %d" % os.WEXITSTATUS(status)
            self.master.failures.append(" ".join(["smtpd ended", how, self.master.stderr()]).strip())
        return self.dead or "no answer"
