# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put changed configuration files into service, or put the old ones back. Runs on the managed node, with its standard library alone.

One argument, a JSON object:
  config_directory  path; in it lies the note that tells which files are in place and not in service yet (module_utils/_relay/pending.py)
  instance          whether to name that directory to postfix(1); false for the one that is Postfix's default
  timeout           seconds that the greetings may take
  backups           paths of this run's backups
  keep_backups      whether they, and those that the note names, stay once all is well
  step              "try"; or "hold", which leaves the note, until "keep" or "back" has said how it ends

Postfix checks the files, reloads, and greets on every listener, save those that do not greet with the old files either. Exits 0 and
tells what was done, or exits 1 and tells why, in Postfix's own words, once the old files are in service again. Only then the note
goes: a run that is killed leaves it to the next. All of it is one process, so that a lost connection alone cuts nothing off.
"""

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
from concurrent.futures import ThreadPoolExecutor

SYSTEM_PATH = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/pkg/sbin")
# postfix(1) reload returns before master(8) has read anything; an smtpd(8) of old may answer for that long.
RELOAD_SECONDS = 1
ATTEMPT_SECONDS = 5
# Where syslog daemons write the mail facility, if Postfix does not write maillog_file itself.
LOGS = ("/var/log/mail.log", "/var/log/maillog", "/var/log/mail", "/var/log/messages", "/var/log/syslog")
NOTE, JOURNAL = ".relaylock-pending", ".relaylock-journal"


class Failure(Exception):
    """Why the files cannot stay. silent: the keys of the listeners that do not greet, if it is that."""

    def __init__(self, message, silent=()):
        super().__init__(message)
        self.silent = frozenset(silent)


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

    def _postconf(self, *words):
        """What postconf(1) answers, "" if it cannot. Its warnings go elsewhere: not before a terminal."""
        return subprocess.run(["postconf"] + self.config + list(words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              universal_newlines=True, check=False).stdout

    def value(self, name):
        """The value of a main.cf parameter, "" if this Postfix does not know it."""
        return self._postconf("-xh", name).strip()

    def throttle_seconds(self):
        """How long master(8) lets a service rest that died at once, in seconds."""
        number, unit = re.match(r"(\d+)([smhdw]?)", self.value("service_throttle_time") or "60s").groups()
        return int(number) * {"m": 60, "h": 3600, "d": 86400, "w": 604800}.get(unit, 1)

    def services(self):
        """Yield (service name, command with its arguments) of the network services in master.cf."""
        for line in self._postconf("-M").splitlines():
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


def ask(host, port, tls, proxy):
    """The first line that a listener says, or how it fails to."""
    try:
        with socket.create_connection((host, port), ATTEMPT_SECONDS) as connection:
            if proxy:  # PROXY protocol, version 1
                connection.sendall(b"PROXY TCP4 127.0.0.1 127.0.0.1 9 25\r\n")
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False  # this asks whether the server is alive, not whose certificate it has
                context.verify_mode = ssl.CERT_NONE
                connection = context.wrap_socket(connection)
            with connection.makefile("rb") as stream:
                return stream.readline(2048).decode(errors="replace").strip() or "no greeting"
    except OSError as error:
        return "no greeting (%s)" % error


def listeners(postfix):
    """{(service, host): arguments of ask()} by the files as they stand. Raises Failure for a port that services(5) does not know."""
    those = {}
    for service, command in postfix.services():
        daemon = os.path.basename(command.split()[0])
        tls = postfix.option(command, "smtpd_tls_wrappermode") == "yes"
        proxy = postfix.option(command, daemon + "_upstream_proxy_protocol") == "haproxy"
        try:
            for host, port in addresses(postfix, service):
                those[service, host] = (host, port, tls, proxy)
        except OSError as error:
            raise Failure("%s: %s" % (service, error))
    return those


def patient_greeting(where, deadline, log):
    """What a listener says at last. It may be silent for service_throttle_time after an earlier death, for a reload does not end that.

    log: where a death that it tells of after two questions ends the wait, None to wait in any case: another listener may have died.
    """
    said, attempts = ask(*where), 1
    while said[0] not in "25" and time.monotonic() < deadline and not (log and attempts > 1 and log.reasons()):
        time.sleep(1)
        said, attempts = ask(*where), attempts + 1
    return said


def hear(postfix, timeout, log=None, skip=()):
    """Wait for the greetings of all listeners at once, save some (keys): {key: what it said}."""
    those = {key: where for key, where in listeners(postfix).items() if key not in skip}
    deadline = time.monotonic() + timeout
    with ThreadPoolExecutor(max(1, len(those))) as pool:
        answers = {key: pool.submit(patient_greeting, where, deadline, log) for key, where in those.items()}
        return {key: answer.result() for key, answer in answers.items()}


def lines(said):
    """The same for people, in the order of the names."""
    return ["%s: %s" % (key[0], said[key]) for key in sorted(said)]


class Log(object):
    """What Postfix logs from now on: daemons have no terminal, and smtpd(8) tells nobody else why it died."""

    def __init__(self, postfix):
        self.begin = int(time.time())
        self.sizes = {path: os.path.getsize(path) for path in {postfix.value("maillog_file")} | set(LOGS) if os.path.isfile(path)}

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
        self.swapped = []  # (file, backup) of those that are the old ones now
        self.again = True  # whether the new ones could come back after that
        self.path = os.path.join(self.folder, NOTE)
        self.lock = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("Another run holds %s. Run again when it is done." % self.folder)
        if os.path.exists(os.path.join(self.folder, JOURNAL)):
            raise Failure("A run was killed half way in %s. Run again: the module settles it." % self.folder)
        self.note = None
        if os.path.exists(self.path):
            with open(self.path) as note:
                self.note = json.load(note)

    def paths(self, each):
        """File and backup of one line of the note."""
        return os.path.join(self.folder, each["name"]), os.path.join(self.folder, each["backup"])

    def put_back(self):
        """Give every file its old bytes, save those that somebody else has changed: a line for each. The new ones are kept aside."""
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
            elif os.path.samefile(path, backup):  # put_forth() has failed between its two steps
                os.remove(backup)
            elif digest(path) == each["sha256"]:
                try:
                    os.link(path, aside(path))
                except OSError:  # a file system without hard links; there is no second try then
                    self.again = False
                os.replace(backup, path)
                self.swapped.append((path, backup))
            elif digest(path) != digest(backup):
                left.append("%s was changed by someone else meanwhile and stays; the old text is in %s" % (path, backup))
        os.fsync(self.lock)
        return left

    def put_forth(self):
        """After put_back(): the new files once more. Raises OSError, and then some are the old ones."""
        while self.swapped:
            path, backup = self.swapped[-1]
            os.link(path, backup)
            os.replace(aside(path), path)
            self.swapped.pop()
        self.note["back"] = False
        self.write()
        os.fsync(self.lock)

    def write(self):
        """Replace the note, on disk."""
        part = aside(self.path)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as note:
            json.dump(self.note, note)
            note.flush()
            os.fsync(note.fileno())
        os.replace(part, self.path)

    def settle(self, unwanted):
        """All is in service. The note goes, then the backups that nobody wants (paths), and new files that were given up."""
        os.remove(self.path)
        os.fsync(self.lock)
        for path in filter(os.path.exists, unwanted + [aside(path) for path, _backup in self.swapped]):
            os.remove(path)


def aside(path):
    """A hidden name beside a file. The next run of the module takes away what a killed one leaves under such names."""
    folder, base = os.path.split(path)
    return os.path.join(folder, ".%s.relaylock-%d-new" % (base, os.getpid()))


def digest(path):
    """SHA-256 of a file, in hexadecimal; None where there is none."""
    try:
        with open(path, "rb") as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return None


def forward(postfix, timeout, silent=()):
    """Check, reload, and hear every listener but those that are known to be silent (keys). Returns what to tell; raises Failure."""
    log = Log(postfix)
    try:
        status, told = postfix.control("check")
        if status:
            raise Failure(told or "postfix check fails without a word")
        if postfix.control("status")[0]:
            return ["Postfix is stopped, and stays so."]
        done = postfix.reload()
        said = hear(postfix, timeout, log, silent)
        wrong = {key: said[key] for key in said if not said[key].startswith("220")}
        if wrong:
            raise Failure("\n".join(lines(wrong)), wrong)
    except Failure as failure:
        raise Failure("\n".join([str(failure)] + (log.reasons() or log.reasons("warning"))), failure.silent)
    return [done] + lines(said)


def back(postfix, pending, timeout):
    """Put the old files back and reload if Postfix runs. Returns what to tell about it, and the keys of the silent listeners."""
    left = pending.put_back()
    try:
        # Only now: with the new files postfix(1) may not even be able to tell whether it runs.
        if postfix.control("status")[0]:
            return left + ["The old files are back."], set()
        postfix.reload()
        said = hear(postfix, timeout)
    except Failure as failure:
        return left + ["Postfix does not reload the old files either: %s" % failure], set()
    return left + ["The old files are back and in service."] + lines(said), {key for key in said if not said[key].startswith("220")}


def attempt(postfix, pending, timeout):
    """Forward, else back. If only such listeners are silent as do not greet with the old files either, forward again.

    Asking before the reload would not do: a new smtpd(8) reads the new files whenever master(8) happens to start one.
    Returns the exit status and what to tell.
    """
    try:
        if pending.note["back"]:
            raise Failure("An earlier run was cut off while it put the old files back.")
        return 0, forward(postfix, timeout)
    except (Failure, OSError) as first:
        told, silent = back(postfix, pending, timeout)
        harmless = getattr(first, "silent", None) and first.silent <= silent and timeout > postfix.throttle_seconds()
        why = str(first)
        if not (harmless and pending.again and pending.swapped):
            return 1, [why] + told
    try:
        pending.put_forth()
        return 0, forward(postfix, timeout, silent) + ["Not even with the old files:", why]
    except (Failure, OSError) as second:
        return 1, [str(second)] + back(postfix, pending, timeout)[0]


def activate(config_directory, instance, timeout, backups, keep_backups, step):
    """Do it all. Returns the exit status and what to tell."""
    pending = Pending(config_directory)
    if pending.note is None:
        return 0, ["Nothing is pending."]
    unwanted = [] if keep_backups else backups + [pending.paths(each)[1] for each in pending.note["files"]]
    postfix, status = Postfix(config_directory if instance else None), 0
    told = [] if step == "keep" else ["There is no Postfix here that could be reloaded."]
    if step == "back":
        status, told = 1, back(postfix, pending, float(timeout))[0]
    elif step != "keep" and found("postfix"):
        status, told = attempt(postfix, pending, float(timeout))
    if status or step != "hold":
        pending.settle([] if status else unwanted)
    return status, told


def main():
    os.environ.update(PATH=os.pathsep.join((os.environ.get("PATH", os.defpath),) + SYSTEM_PATH), LC_ALL="C", SYSTEMD_COLORS="0")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        status, told = activate(**json.loads(sys.argv[1]))
    except Failure as failure:
        status, told = 1, [str(failure)]
    print("\n".join(told))
    return status


if __name__ == "__main__":
    sys.exit(main())
