# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the daemons are told besides their configuration, and how that is put before them."""

import grp
import os
import pwd
import shutil
import time

# What every daemon gets on its command line. None of it is read when smtpd decides about access.
EVERYWHERE = {
    "maillog_file": "/oracle", "maillog_file_prefixes": "/", "postlog_service_name": "postlog",
    "max_use": "1000000", "max_idle": "1h", "import_environment": "MAIL_CONFIG TZ LC_ALL",
}
# What smtpd gets besides: nothing in front of it, nothing behind it, no limit of patience, no TLS demanded.
SMTPD = {
    "in_flow_delay": "0",                                  # else one second a connection: nobody fills the flow pipe
    "smtpd_client_connection_count_limit": "0", "smtpd_client_connection_rate_limit": "0",      # no anvil(8)
    "smtpd_client_message_rate_limit": "0", "smtpd_client_recipient_rate_limit": "0",
    "smtpd_client_new_tls_session_rate_limit": "0", "smtpd_client_auth_rate_limit": "0",
    "smtpd_error_sleep_time": "0", "smtpd_soft_error_limit": "1000000000", "smtpd_hard_error_limit": "1000000000",
    "smtpd_junk_command_limit": "1000000000", "smtpd_timeout": "1h", "smtpd_per_request_deadline": "no",
    "smtpd_recipient_limit": "1000000000", "smtpd_recipient_overshoot_limit": "1000000000",
    "notify_classes": "",                                  # no mail to the postmaster about the dialogue
    "smtpd_proxy_filter": "", "smtpd_milters": "",         # content filters are programs, not configuration
    "cleanup_service_name": "cleanup", "address_verify_service_name": "verify",
    "queue_minfree": "0",                                  # the disk of the machine that asks says nothing
}
NO_TLS = {
    "smtpd_tls_security_level": "none", "smtpd_use_tls": "no", "smtpd_enforce_tls": "no",
    "smtpd_tls_wrappermode": "no", "smtpd_tls_auth_only": "no",
}
SASL = {"smtpd_sasl_type": "dovecot", "smtpd_sasl_path": "private/oracle-auth"}
XCLIENT = {"smtpd_authorized_xclient_hosts": "static:all", "smtpd_upstream_proxy_protocol": ""}


def settled(config, copy):
    """A configuration directory that no daemon waits for.

    Postfix reads a file again and again, for up to two seconds, until it is older than the clock's present second
    (src/util/dict.c). So a copy with earlier time stamps stands in for a directory that was written just now.
    """
    now = time.time()
    entries = [e for e in os.scandir(config) if e.is_file()]
    if all(e.stat().st_mtime < now - 3 for e in entries):
        return config
    shutil.copytree(config, copy, symlinks=True)
    for entry in entries:
        os.utime(os.path.join(copy, entry.name), (now - 10, now - 10))
    return copy


def _present(names, find):
    for name in names:
        try:
            find(name)
            return name
        except KeyError:
            continue
    return names[-1]


def owners():
    """Users and groups of this machine: every daemon dies where they do not exist."""
    # smtpd reads its restriction lists as root or as mail_owner only (pre_jail_init() in src/smtpd/smtpd.c).
    owner = _present(("postfix", "daemon"), pwd.getpwnam) if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    return {"default_privs": "nobody", "mail_owner": owner,
            "setgid_group": _present(("postdrop", "mail"), grp.getgrnam)}
