# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables behind proxy:, of which proxymap(8) hands out those alone that proxy_read_maps names (src/proxymap/proxymap.c)."""

from .form import BROKEN, DEAD, NO, YES, case, main, relay

GUARD = "reject_unauth_destination"
TABLE = "proxy:texthash:$config_directory/t"
KNOWN = "check_client_access %s, %s" % (TABLE, GUARD)
CLASS = {"smtpd_restriction_classes": "mine", "mine": "check_client_access " + TABLE}
SMTP, REWRITE, PROXYMAP = "smtp inet n - n - - smtpd", "rewrite unix - - n - - trivial-rewrite", "proxymap unix - - n - - proxymap"
BEFORE, SINCE = {"before": (3, 11)}, {"since": (3, 11)}


def proxied(name, text, stranger, services=(), **rest):
    """A case with a table that lets the stranger in."""
    master = "\n".join([*services, ""]) if services else None
    return case("proxied/" + name, text, stranger=stranger, own=YES if stranger in (YES, NO) else stranger, files={"t": "203.0.113.9 OK\n"},
                master_cf=master, **rest)


def denied(name, text, since, services=()):
    """Two cases: of such a table smtpd died until Postfix 3.11."""
    return [proxied(name, text, DEAD, services, **BEFORE), proxied(name + ", since 3.11", text, since, services, **SINCE)]


CASES = [
    proxied("in a list", relay(KNOWN), YES), proxied("in mynetworks", main(mynetworks=TABLE), YES),
    proxied("of a proxied one", relay(KNOWN.replace("proxy:", "proxy:proxy:")), YES),
    proxied("by a macro", relay("check_client_access $x, " + GUARD, x=TABLE), YES),
    proxied("within another", relay("check_client_access unionmap:{%s}, %s" % (TABLE, GUARD)), YES),
    proxied("in a list, with a service", relay(KNOWN), YES, [SMTP, REWRITE, PROXYMAP]),
    proxied("the users of the host", main(local_recipient_maps="proxy:unix:passwd.byname $alias_maps", smtpd_reject_unlisted_recipient="no"), NO),
    *denied("in an override", main(), BROKEN, [SMTP + " -o { smtpd_relay_restrictions = %s }" % KNOWN, REWRITE]),
    *denied("with an empty list", relay(KNOWN, proxy_read_maps=""), BROKEN),
    *denied("with another list", relay(KNOWN, proxy_read_maps="$mynetworks"), BROKEN),
    *denied("with an empty list for the service", relay(KNOWN), BROKEN, [SMTP, REWRITE, PROXYMAP + " -o proxy_read_maps="]),
    *denied("in a class", relay("mine, " + GUARD, **CLASS), YES),
    *denied("in a class in a table", relay("check_client_access static:mine, " + GUARD, **CLASS), YES),
    *denied("in a list that no one asks", main(smtpd_etrn_restrictions="check_etrn_access " + TABLE), NO),
    *denied("in a list of clients", main(smtpd_sasl_exceptions_networks=TABLE), NO),
]
