# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parameters that take words of their own: which words smtpd takes, and which it dies of (src/util/name_code.c, name_mask.c)."""

from .form import DEAD, NO, YES, case, main

# parameter: (values that it takes, values that it dies of)
WORDS = {
    "syslog_facility": (["local0", "mail", "authpriv"], ["MAIL", "mail, user", "", "nonsense"]),
    "inet_protocols": (["ipv4", "ipv6 ipv4", "all"], ["IPv4", "ipv4 x", ","]),
    "receive_override_options": (["", "no_milters", "no_milters no_address_mappings,no_header_body_checks,no_unknown_recipient_checks"],
                                 ["No_milters", "no_milters yes", "none"]),
    "unknown_address_tempfail_action": (["defer", "Defer_If_Permit"], ["", "reject", "defer, defer_if_permit"]),
    "unverified_sender_tempfail_action": (["defer"], ["450"]),
    "unverified_recipient_tempfail_action": (["defer_if_permit"], ["no"]),
    "unknown_helo_hostname_tempfail_action": (["DEFER"], ["DEFER_IF_REJECT"]),
    "reject_tempfail_action": (["defer"], ["reject", ""]),
}
SINCE = {  # the same from a version on
    (3, 5): {"info_log_address_format": (["internal", "External"], ["", "both"])},
    (3, 7): {"header_from_format": (["standard", "Obsolete"], ["", "new"])},
    (3, 10): {"smtpd_forbid_bare_newline": (["no", "Yes", "normalize", "note", "reject"], ["", "maybe"])},
    (3, 11): {"non_bdb_migration_level": (["disable"], ["", "enable"])},
}


def words(name, taken, refused, **rest):
    """A case for each value of a parameter."""
    return [case("words/%s/%s" % (name, value or "nothing"), main(**{name: value}), **dict(rest, stranger=NO, own=YES)) for value in taken] + [
        case("words/%s/not %s" % (name, value or "nothing"), main(**{name: value}), **dict(rest, stranger=DEAD)) for value in refused]


CASES = [one for name, values in WORDS.items() for one in words(name, *values)]
CASES += [one for version, rows in SINCE.items() for name, values in rows.items() for one in words(name, *values, since=version)]
CASES += [
    case("words/what nobody inherits", main(reject_tempfail_action="no", unknown_address_tempfail_action="defer",
                                            unknown_helo_hostname_tempfail_action="defer", unverified_recipient_tempfail_action="defer",
                                            unverified_sender_tempfail_action="defer"), stranger=NO, own=YES),
    case("words/what one inherits", main(reject_tempfail_action="no", unknown_address_tempfail_action="defer",
                                         unknown_helo_hostname_tempfail_action="defer", unverified_sender_tempfail_action="defer"),
         stranger=DEAD),
    case("words/before 3.7 smtpd reads no header_from_format", main(header_from_format="new"), before=(3, 7), stranger=NO, own=YES),
]
