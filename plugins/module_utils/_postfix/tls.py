# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether smtpd offers TLS, demands it, and asks for certificates (pre_jail_init in smtpd.c)."""


def _level(settings):
    """Return smtpd_tls_security_level, or what stands for it: "encrypt" where all is TLS, the two older switches where it is empty."""
    if is_on(settings, "smtpd_tls_wrappermode"):
        return "encrypt"
    level = settings.value("smtpd_tls_security_level").lower()
    return level or ("encrypt" if is_on(settings, "smtpd_enforce_tls") else "may" if is_on(settings, "smtpd_use_tls") else "none")


def is_on(settings, name):
    """Tell whether the boolean parameter *name* is on."""
    return settings.value(name).lower() == "yes"


def offered(settings):
    """Tell whether a client can have TLS. Levels beyond ``encrypt`` count as that."""
    return _level(settings) != "none"


def demanded(settings):
    """Tell whether a client must have TLS."""
    return _level(settings) not in ("none", "may")


def asks_certificates(settings):
    """Tell whether a client's certificate is asked for."""
    return offered(settings) and (is_on(settings, "smtpd_tls_ask_ccert") or demanded(settings) and is_on(settings, "smtpd_tls_req_ccert"))
