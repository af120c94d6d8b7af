# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small stand-in for master(8): sockets in a queue directory, daemons started on them, stubs served."""

import fcntl
import os
import re
import selectors
import signal
import socket
import time

from .world import world

# Descriptors that master hands to its children (src/master/master_proto.h).
FLOW_READ, FLOW_WRITE, STATUS, LISTEN = 3, 4, 5, 6
# Our own descriptors stay above those, so that no dup2 overwrites the source of the next.
FIRST_FREE = 10
FATAL = re.compile(r"\[(\d+)\]: (?:fatal|panic): ")
# "Jan  1 00:00:00 host " before "postfix/smtpd[12]: ..."
STAMP = re.compile(r"^\w{3} [ \d]\d [\d:]{8} \S+ ")


def _high(number):
    """A copy of a descriptor, high enough and closed on exec."""
    return fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE)


class Master:
    """One queue directory with its services.

    postfix      the installation (Postfix) whose daemons are started
    config       the configuration directory that they get, set before the first daemon starts
    log          list of str: what they logged, in order, without time and host
    failures     list of str: the fatal ones among these, of daemons without which there is no dialogue
    """

    def __init__(self, postfix):
        self.postfix, self.config = postfix, None
        self.queue = world().directory()
        self.log, self.failures = [], []
        self._poll = selectors.DefaultSelector()
        self._pids, self._ended, self._vital, self._fds = [], {}, set(), []
        for name in ("public", "private", "pid"):
            os.mkdir(os.path.join(self.queue, name))
        os.mkdir(os.path.join(self.queue, "data"))
        os.chmod(os.path.join(self.queue, "data"), 0o777)
        self._postlog = self._bind("public/postlog", socket.SOCK_DGRAM)
        self._watch(self._postlog, self._on_log)
        flow = os.pipe()
        self._flow = tuple(map(_high, flow))
        for number in flow:
            os.close(number)
        self._fds += self._flow
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._status = theirs.detach()
        self._fds.append(self._status)
        self._watch(ours, lambda s: self._read(s))
        errors = os.open(os.path.join(self.queue, "stderr"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        self._errors = _high(errors)
        os.close(errors)
        self._fds.append(self._errors)

    def _bind(self, path, kind=socket.SOCK_STREAM):
        found = socket.socket(socket.AF_UNIX, kind)
        full = os.path.join(self.queue, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        found.bind(full)
        os.chmod(full, 0o666)
        if kind == socket.SOCK_STREAM:
            found.listen(64)
        found.setblocking(False)
        return found

    def _watch(self, stream, action):
        self._poll.register(stream, selectors.EVENT_READ, action)

    def _drop(self, stream):
        self._poll.unregister(stream)
        stream.close()

    def _read(self, stream):
        try:
            data = stream.recv(65536)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            self._drop(stream)
        return data

    def _on_log(self, stream):
        while True:
            try:
                text = stream.recv(65536).decode("utf-8", "replace").strip()
            except BlockingIOError:
                return
            text = STAMP.sub("", text)
            self.log.append(text)
            found = FATAL.search(text)
            if found and int(found.group(1)) in self._vital:
                self.failures.append(text)

    def stub(self, path, make):
        """Serve stubs on a UNIX socket of the queue directory; make(version) returns one for a connection."""
        listener = self._bind(path)

        def on_connect(listening):
            try:
                stream = listening.accept()[0]
            except BlockingIOError:
                return
            peer = make(self.postfix.version)
            stream.sendall(peer.greeting)
            self._watch(stream, lambda s: on_data(s, peer))

        def on_data(stream, peer):
            data = self._read(stream)
            answer = peer.reply(data) if data else b""
            if answer:
                stream.sendall(answer)

        self._watch(listener, on_connect)

    def daemon(self, path, service, options, transport="unix"):
        """Start a daemon now, listening on a UNIX socket of the queue directory; returns its process id.

        Without it there is no dialogue: what kills it is among the failures.
        """
        listener = self._bind(path)
        pid = self._start(listener.fileno(), service, options, transport)
        self._vital.add(pid)
        listener.close()
        return pid

    def on_demand(self, path, service, options):
        """Start a daemon when someone connects to its socket, as master does."""
        def wake(listening):
            self._poll.unregister(listening)
            self._start(listening.fileno(), service, options, "unix")
            listening.close()

        self._watch(self._bind(path), wake)

    def _start(self, listening, service, options, transport):
        listening = _high(listening)
        ours = [word for name, value in options.items() for word in ("-o", "%s=%s" % (name, value))]
        argv = ["-l", "-n", service.name, "-t", transport] + ours
        if service.arguments:
            # The last -o wins; but a stray word among the service's own arguments ends the options.
            argv += list(service.arguments) + ours
        path, argv = self.postfix.daemon_command(service.command, argv)
        dup = [(os.POSIX_SPAWN_DUP2, source, target) for source, target in
               ((self._flow[0], FLOW_READ), (self._flow[1], FLOW_WRITE), (self._status, STATUS), (listening, LISTEN),
                (self._errors, 1), (self._errors, 2))]
        actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)] + dup
        env = {"MAIL_CONFIG": self.config, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC",
               "POSTLOG_SERVICE": os.path.join(self.queue, "public/postlog"), "POSTLOG_HOSTNAME": "oracle"}
        try:
            pid = world().spawn(path, argv, env, actions)
        finally:
            os.close(listening)
        self._pids.append(pid)
        return pid

    def ended(self, pid):
        """The exit status of a daemon that ended, else None."""
        if pid not in self._ended:
            found, status = os.waitpid(pid, os.WNOHANG)
            if not found:
                return None
            self._pids.remove(pid)
            self._ended[pid] = status
        return self._ended[pid]

    def pump(self, stream, until, seconds):
        """Serve everything until the client connection `stream` has data or one of the daemons failed.

        Returns True when there is data (or the end of it) on the stream, False when until() said so or time was up.
        """
        limit = time.monotonic() + seconds
        ready = []
        self._poll.register(stream, selectors.EVENT_READ, lambda s: ready.append(s))
        try:
            while not ready and not until():
                left = limit - time.monotonic()
                if left <= 0:
                    return False
                self.once(min(left, 0.5))
            return bool(ready)
        finally:
            self._poll.unregister(stream)

    def once(self, seconds=0):
        """Serve what is pending."""
        for key, _events in self._poll.select(seconds):
            key.data(key.fileobj)

    def stderr(self):
        """What the daemons wrote to standard error, where the dynamic linker complains."""
        with open(os.path.join(self.queue, "stderr"), encoding="utf-8", errors="replace") as stream:
            return stream.read().strip()

    def close(self):
        """End the daemons that were started here and free everything."""
        for pid in self._pids:
            os.kill(pid, signal.SIGKILL)
        for pid in self._pids:
            os.waitpid(pid, 0)
        self._pids = []
        for key in list(self._poll.get_map().values()):
            self._drop(key.fileobj)
        self._poll.close()
        for number in self._fds:
            os.close(number)
        self._fds = []
