# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put changed configuration files into service, or put the old ones back. Runs on the managed node, with its standard library alone.

One argument, a JSON object:
  config_directory  path; in it lies the note that tells which files are in place and not in service yet (module_utils/_relay/pending.py)
  instance          whether to name that directory to postfix(1); false for the one that is Postfix's default
  fresh             whether this very run has changed the files, so that Postfix still runs with the old ones
  timeout           seconds that the greetings may take
  backups           paths of this run's backups
  keep_backups      whether they, and those that the note names, stay once all is well

Postfix checks the files, reloads, and greets on every listener that greeted before. Exits 0 and tells what was done, or exits 1 and
tells why, in Postfix's own words, once the old files are in service again. Only then the note goes: a run that is killed leaves it
to the next. All of it is one process, so that a lost connection alone cuts nothing off.
"""

import errno
import fcntl
import hashlib
import json
import os
import pty
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

SYSTEM_PATH = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/pkg/sbin")
# postfix(1) reload returns before master(8) has read anything; an smtpd(8) of old may answer for that long.
RELOAD_SECONDS = 1
ATTEMPT_SECONDS = 5
# Where syslog daemons write the mail facility, if Postfix does not write maillog_file itself.
LOGS = ("/var/log/mail.log", "/var/log/maillog", "/var/log/mail", "/var/log/messages", "/var/log/syslog")


NOTE = ".relaylock-pending"
JOURNAL = ".relaylock-journal"


class Failure(Exception):
    """Why the files cannot stay."""


def run(*argv):
    """Run a command before a terminal, for Postfix tells its reasons to nothing else; return its status and what it said."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        try:
            block = os.read(ours, 4096)
            while block:
                said += block
                block = os.read(ours, 4096)
        except OSError:  # how Linux tells that nobody holds the other end any more
            pass
    os.close(ours)
    return process.returncode, said.decode(errors="replace").replace("\r\n", "\n").strip()


def found(command):
    """Whether there is such a command."""
    return any(os.access(os.path.join(folder, command), os.X_OK) for folder in os.environ["PATH"].split(os.pathsep))


class Postfix(object):
    """The instance whose files were changed."""

    def __init__(self, config_directory):
        self.config = ["-c", config_directory] if config_directory else []

    def control(self, command):
        """postfix(1): status and text."""
        return run("postfix", *(self.config + [command]))

    def value(self, name):
        """The value of a main.cf parameter, "" if this Postfix does not know it. Warnings go elsewhere: not before a terminal."""
        with open(os.devnull, "w") as nowhere:
            argv = ["postconf"] + self.config + ["-xh", name]
            return subprocess.run(argv, stdout=subprocess.PIPE, stderr=nowhere, universal_newlines=True, check=False).stdout.strip()

    def services(self):
        """Yield (service name, command with its arguments) of the network services in master.cf."""
        with open(os.devnull, "w") as nowhere:
            argv = ["postconf"] + self.config + ["-M"]
            text = subprocess.run(argv, stdout=subprocess.PIPE, stderr=nowhere, universal_newlines=True, check=False).stdout
        for line in text.splitlines():
            words = line.split(None, 7)
            if len(words) == 8 and words[1] == "inet" and os.path.basename(words[7].split()[0]) in ("smtpd", "postscreen"):
                yield words[0], words[7]

    def option(self, command, name):
        """The value of a parameter as this service sees it: its own -o, else main.cf's."""
        own = re.findall(r"\b%s\s*=\s*([^\s}]*)" % re.escape(name), command)
        return own[-1] if own else self.value(name)

    def unit(self):
        """The systemd unit that this instance's master(8) runs in, or None: the process knows it better than any naming rule."""
        try:
            with open(os.path.join(self.value("queue_directory"), "pid", "master.pid")) as pid_file:
                pid = int(pid_file.read())
            with open("/proc/%d/cgroup" % pid) as groups:
                units = re.findall(r"/(postfix[^/\s]*\.service)$", groups.read(), re.MULTILINE)
        except (OSError, ValueError):
            return None
        return units[0] if units and found("systemctl") and os.path.isdir("/run/systemd/system") else None

    def reload(self):
        """Reload through the service manager where there is one. Returns what did it."""
        unit = self.unit()
        status, said = run("systemctl", "reload", unit) if unit else self.control("reload")
        if status:
            raise Failure(said or "%s cannot be reloaded" % (unit or "Postfix"))
        time.sleep(RELOAD_SECONDS)
        return unit or "postfix reload"


def addresses(postfix, service):
    """Yield (host, port) of the sockets of a master.cf service name: [host:]port, port a number or a name of services(5)."""
    host, port = re.match(r"(?:(.*):)?([^:]+)$", service).groups()
    port = int(port) if port.isdigit() else socket.getservbyname(port, "tcp")
    if host:
        yield host.strip("[]"), port
        return
    loopback = "::1" if postfix.value("inet_protocols") == "ipv6" else "127.0.0.1"
    for name in re.split(r"[\s,]+", postfix.value("inet_interfaces")):
        yield (loopback if name in ("all", "loopback-only") else name.strip("[]")), port


def greeting(host, port, tls, proxy):
    """The first line that a listener says, "" if it closes the connection without a word. Raises OSError."""
    with socket.create_connection((host, port), ATTEMPT_SECONDS) as connection:
        if proxy:  # PROXY protocol, version 1
            connection.sendall(b"PROXY TCP4 127.0.0.1 127.0.0.1 9 25\r\n")
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False  # this asks whether the server is alive, not whose certificate it has
            context.verify_mode = ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        with connection.makefile("rb") as lines:
            return lines.readline(2048).decode(errors="replace").strip()


def ask(where):
    """What a listener says, or how it fails to. where: the arguments of greeting()."""
    try:
        return greeting(*where) or "no greeting"
    except OSError as error:
        return "no greeting (%s)" % error


def listeners(postfix):
    """{(service, host): where to ask it} of the files as they stand. Raises Failure for a port that services(5) does not know."""
    found_ones = {}
    for service, command in postfix.services():
        daemon = os.path.basename(command.split()[0])
        tls = postfix.option(command, "smtpd_tls_wrappermode") == "yes"
        proxy = postfix.option(command, daemon + "_upstream_proxy_protocol") == "haproxy"
        try:
            for host, port in addresses(postfix, service):
                found_ones[service, host] = (host, port, tls, proxy)
        except OSError as error:
            raise Failure("%s: %s" % (service, error))
    return found_ones


def greeting_already(postfix):
    """The keys of the listeners that greet at once, with the configuration that Postfix runs with so far; none if it does not run."""
    if postfix.control("status")[0]:
        return set()
    return {key for key, where in listeners(postfix).items() if greets(ask(where))}


def greets(said):
    """Whether this is the greeting of a listener that takes mail (RFC 5321, section 4.2)."""
    return said.startswith("220")


def patient_greeting(where, deadline, log):
    """What a listener says at last. It may be silent for service_throttle_time after an earlier death, for a reload does not end that;
    but if something died after the reload, there is nothing to wait for once it has been asked twice."""
    attempts = 0
    while True:
        said = ask(where)
        attempts += 1
        if said[0] in "25" or time.monotonic() > deadline or (attempts > 1 and log.reasons()):
            return said
        time.sleep(1)


def hear(those, first, timeout, log):
    """Wait for the greetings: {key: what it said}. Where one of the first (keys) does not greet, nobody else is waited for."""
    said = {}
    deadline = time.monotonic() + float(timeout)
    for key in sorted(those, key=lambda key: (key not in first, key)):
        said[key] = patient_greeting(those[key], deadline, log)
        if key in first and not greets(said[key]):
            break
    return said


class Log(object):
    """What Postfix logs from now on: daemons have no terminal, and smtpd(8) tells nobody else why it died."""

    def __init__(self, postfix):
        self.begin = int(time.time())
        self.sizes = {}
        for path in {postfix.value("maillog_file")} | set(LOGS):
            if os.path.isfile(path):
                self.sizes[path] = os.path.getsize(path)

    def reasons(self, levels="fatal|panic|error"):
        """The lines of these levels since then, each once, in the order of the log."""
        text = ""
        for path, size in self.sizes.items():
            with open(path, errors="replace") as log:
                log.seek(size if os.path.getsize(path) >= size else 0)
                text += log.read()
        if found("journalctl"):
            text += run("journalctl", "--quiet", "--no-pager", "--output=cat", "--since=@%d" % self.begin, "SYSLOG_FACILITY=2")[1]
        return list(dict.fromkeys(re.findall(r"(?:^|: )((?:%s): .*)" % levels, text, re.MULTILINE)))


class Pending(object):
    """The note: which files are in place and not in service yet, and the way back. Held locked, so that no other run interferes.

    Raises Failure where another run is at work, or was killed half way.
    """

    def __init__(self, config_directory):
        self.folder = os.path.realpath(config_directory)
        self.path = os.path.join(self.folder, NOTE)
        self.lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("Another run holds %s. Run again when it is done." % self.folder)
        if os.path.exists(os.path.join(self.folder, JOURNAL)):
            raise Failure("A run was killed half way in %s. Run again: the module settles it." % self.folder)
        try:
            with open(self.path) as note:
                self.note = json.load(note)
        except OSError as error:
            if error.errno != errno.ENOENT:
                raise
            self.note = None

    def paths(self, each):
        """File and backup of one line of the note."""
        return os.path.join(self.folder, each["name"]), os.path.join(self.folder, each["backup"])

    def put_back(self):
        """Give every file its old bytes, save one that somebody else has changed meanwhile. Returns a line for each of those."""
        self.note["back"] = True  # from here on a killed run goes back all the way: see recover() in module_utils/_relay/journal.py
        try:
            self.write()
        except OSError:  # a full disk, perhaps: the renames do without
            pass
        left = []
        for each in self.note["files"]:
            path, backup = self.paths(each)
            if not os.path.exists(backup):
                left.append("%s stays as it is: its backup %s is gone" % (path, backup))
            elif digest(path) == each["sha256"]:
                os.replace(backup, path)
            elif digest(path) != digest(backup):
                left.append("%s was changed by someone else meanwhile and stays; the old text is in %s" % (path, backup))
        os.fsync(self.lock)
        return left

    def write(self):
        """Replace the note, on disk."""
        part = os.path.join(self.folder, ".%s.relaylock-%d-new" % (NOTE, os.getpid()))
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as note:
            json.dump(self.note, note)
            note.flush()
            os.fsync(note.fileno())
        os.replace(part, self.path)

    def settle(self, unwanted):
        """All is in service. The note goes, then the backups that nobody wants (paths)."""
        os.remove(self.path)
        os.fsync(self.lock)
        for path in unwanted:
            if os.path.exists(path):
                os.remove(path)


def digest(path):
    """SHA-256 of a file, in hexadecimal; None where there is none."""
    try:
        with open(path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return None


def forward(postfix, fresh, timeout, log):
    """Check and reload. Returns what to tell about it; raises Failure if the change does harm.

    Harm is the silence of a listener that greeted before. Who was silent before does not count, if that is known: where an earlier
    run was cut off, Postfix may have read the new files since, and every listener must greet.
    """
    before = greeting_already(postfix) if fresh else None
    status, told = postfix.control("check")
    if status:
        raise Failure(told or "postfix check fails without a word")
    if postfix.control("status")[0]:
        return ["Postfix is stopped, and stays so."]
    those = listeners(postfix)
    done = [postfix.reload()]
    needed = set(those) if before is None else before & set(those)
    said = hear(those, needed, timeout, log)
    for key in needed & set(said):
        if not greets(said[key]):
            raise Failure("%s: %s" % (key[0], said[key]))
    return done + ["%s: %s%s" % (key[0], said[key], "" if greets(said[key]) else "; it was silent before, too") for key in sorted(said)]


def back_in_service(postfix, pending, timeout):
    """Put the old files back and reload if Postfix runs. Returns what to tell about it."""
    left = pending.put_back()
    log = Log(postfix)
    try:
        # Only now: with the new files postfix(1) may not even be able to tell whether it runs.
        if postfix.control("status")[0]:
            return left + ["The old files are back."]
        postfix.reload()
        said = hear(listeners(postfix), (), timeout, log)
    except Failure as failure:
        return left + ["Postfix does not reload the old files either: %s" % failure]
    return left + ["The old files are back and in service."] + ["%s: %s" % (key[0], said[key]) for key in sorted(said)]


def activate(config_directory, instance, fresh, timeout, backups, keep_backups):
    """Do it all. Returns the exit status."""
    try:
        pending = Pending(config_directory)
    except Failure as failure:
        print(failure)
        return 1
    if pending.note is None:
        print("Nothing is pending.")
        return 0
    unwanted = [] if keep_backups else backups + [pending.paths(each)[1] for each in pending.note["files"]]
    if not found("postfix"):
        pending.settle(unwanted)
        print("There is no Postfix here that could be reloaded.")
        return 0
    postfix = Postfix(config_directory if instance else None)
    log = Log(postfix)
    try:
        if pending.note["back"]:
            raise Failure("An earlier run was cut off while it put the old files back.")
        done = forward(postfix, fresh, timeout, log)
    except (Failure, OSError) as failure:
        reasons = log.reasons() or log.reasons("warning")
        told = [str(failure)] + reasons + back_in_service(postfix, pending, timeout)
        pending.settle([])
        print("\n".join(told))
        return 1
    pending.settle(unwanted)
    print("\n".join(done))
    return 0


def main():
    os.environ["PATH"] = os.pathsep.join((os.environ.get("PATH", os.defpath),) + SYSTEM_PATH)
    os.environ["LC_ALL"] = "C"
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    return activate(**json.loads(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
