# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: record.py > recorded.json   What the modules say of the servers that the examples, the scenarios and this file describe.

The reports' tests take these answers for the texts of their sample documents, so that what they show is true to life. To be run
again when the modules' words change: with the collection in PYTHONPATH, from the collection's root.
"""

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ETC = "/etc/postfix"
MODULES = "ansible_collections.relaylock.postfix.plugins.modules."
MASTER = """\
smtp      inet  n       -       y       -       -       smtpd
pickup    unix  n       -       y       60      1       pickup
cleanup   unix  n       -       y       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       y       -       -       trivial-rewrite
"""
HEAD = """\
# See /usr/share/postfix/main.cf.dist for a commented, more complete version
compatibility_level = 3.6

smtpd_banner = $myhostname ESMTP $mail_name
biff = no
append_dot_mydomain = no
readme_directory = no

myhostname = mail.example.com
alias_maps = hash:/etc/aliases
mydestination = $myhostname, example.com, localhost
relayhost =
mailbox_size_limit = 0
recipient_delimiter = +
inet_interfaces = all

"""
# Servers that neither the examples nor the scenarios have.
OWN = {
    "campus": HEAD + "# who sends through us\nmynetworks =\n    127.0.0.0/8\n    [::1]/128\n    # the campus, as the old firewall had it\n"
                     "    198.0.0.0/8\n    [2001:db8::]/32\n    # the branch in the south\n    10.64.0.0/10\n\nsmtpd_sasl_auth_enable = yes\n"
                     "smtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\nsmtpd_recipient_restrictions =\n    permit_mynetworks,\n"
                     "    permit_sasl_authenticated,\n    reject_unauth_destination\n",
    "database": HEAD + "mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions =\n    permit_mynetworks,\n"
                       "    check_recipient_access mysql:/etc/postfix/sql/recipients.cf,\n    reject_unauth_destination\n",
    "behind_a_filter": HEAD + "mynetworks = 127.0.0.0/8\n# the filter hands its clients' names on\nsmtpd_authorized_xclient_hosts = 0.0.0.0/0\n",
    "policy": HEAD + "mynetworks = 127.0.0.0/8\nsmtpd_recipient_restrictions =\n    check_policy_service inet:127.0.0.1:10023,\n"
                     "    permit_mynetworks, reject_unauth_destination\n",
    "whole_world": HEAD + "mynetworks = 127.0.0.0/8, static:all\nrelay_domains = $mydestination, com\n",
    "lost_table": HEAD + "mynetworks = 127.0.0.0/8\nsmtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients.cidr\n",
    "typing_error": HEAD + "mynetworks = 127.0.0.0/8\nsmtpd_relay_restrictions = permit_mynetworks, reject_unauth_destinaton\n",
    "broken": HEAD + "mynetworks = ${unclosed\n",
}
# Scenarios whose servers say what others say.
ALIKE = ("rollback", "systemd", "relay_host")
OPTIONS = {
    "hardened": {"profile": "hardened", "dnsbl_zones": ["zen.spamhaus.org"], "sasl": {"type": "dovecot", "path": "private/auth"}},
    "master_overrides": {"profile": "hardened"},
    "replace": {"strategy": "replace"},
    "postscreen": {"trusted_networks": ["127.0.0.0/8", "10.0.0.0/8"]},
}


def servers():
    """Yield (name, folder or text of main.cf)."""
    for path in sorted(ROOT.glob("examples/fleet/*/main.cf")) + sorted(ROOT.glob("molecule/*/hosts/*/main.cf")):
        parts = path.relative_to(ROOT).parts
        if parts[1] in ALIKE:
            continue
        yield parts[2] if parts[0] == "examples" else "{0}_{1}".format(parts[1], parts[3]), path.parent
    yield from OWN.items()


def lay(source, folder):
    """Lay the files of a server into *folder*, with that folder's name for Postfix's own in them."""
    if isinstance(source, Path):
        shutil.copytree(source, folder)
    else:
        folder.mkdir(parents=True)
        (folder / "main.cf").write_text(source, encoding="utf-8")
    if not (folder / "master.cf").exists():
        more = folder / "master.cf.more"
        (folder / "master.cf").write_text(MASTER + (more.read_text(encoding="utf-8") if more.exists() else ""), encoding="utf-8")
    for name in ("main.cf", "master.cf"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(ETC, str(folder)), encoding="utf-8")


def ask(module, folder, options):
    """Return what the module says in check mode, with Postfix's own folder for *folder*."""
    arguments = dict(options, config_directory=str(folder), postfix_version="3.7", _ansible_check_mode=True, _ansible_diff=True)
    answer = subprocess.run([sys.executable, "-m", MODULES + module], input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments}),
                            capture_output=True, text=True, check=False, env=dict(os.environ, PYTHONPATH=str(ROOT / ".build")))
    return json.loads(answer.stdout.replace(str(folder), ETC))


def instance(result, module="relay_baseline"):
    """Return a result as an instance of the document."""
    failed, verdict = result.get("failed", False), result.get("verdict")
    findings = [dict({"waiver": None, "new": False, "since": None}, **one) for one in result.get("findings", [])]
    listeners = [dict(one, witness=one["witness"] and dict(one["witness"])) for one in result.get("listeners", [])]
    return {"config_directory": ETC, "module": module, "state": "failed" if failed else verdict["before"],
            "after": None if failed else verdict["after"], "changed": result.get("changed", False), "check_mode": True,
            "postfix_version": None if failed else "3.7.11", "message": result.get("msg"), "listeners": listeners, "findings": findings,
            "fixed": [], "drift": result.get("drift", []), "access": result.get("access", {"lost": [], "kept": []}),
            "diff": [{"file": one["before_header"], "lines": unified(one)} for one in result.get("diff", [])]}


def unified(diff):
    before, after = diff["before"].split("\n"), diff["after"].split("\n")
    return list(difflib.unified_diff(before, after, lineterm="", n=3))[2:]


def main():
    """Print {name: instance}."""
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, source in servers():
            folder = Path(scratch) / name / "etc"
            folder.parent.mkdir()
            lay(source, folder)
            options = next((given for start, given in OPTIONS.items() if name.startswith(start)), {})
            found[name] = instance(ask("relay_baseline", folder, options))
    lines = ("{0}: {1}".format(json.dumps(name), json.dumps(one)) for name, one in sorted(found.items()))
    print("{" + ",\n".join(lines) + "}")


if __name__ == "__main__":
    main()
