# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What smtpd wants at its start, and what smtpd_delay_reject=no changes (src/smtpd/smtpd_check.c, smtpd_check_init())."""

from .form import BROKEN, DEAD, LATER, NO, YES, ask, case, main

GUARD = "reject_unauth_destination"


def lists(name, relay, recipient, *asked, **rest):
    """A case with these two lists; None leaves one unset."""
    return case("start/" + name, main(smtpd_relay_restrictions=relay, smtpd_recipient_restrictions=recipient,
                                      **rest.pop("parameters", {})), *asked, **rest)


def behind(name, argument, **rest):
    """A case with a policy service, whose argument counts when smtpd starts, behind the guard."""
    return lists("policy service " + name, "permit_mynetworks, " + GUARD + ", check_policy_service " + argument, "", **rest)


def early(name, *asked, **rest):
    """A case with smtpd_delay_reject=no; keywords that begin with smtpd_ are parameters."""
    fields = {key: rest.pop(key) for key in list(rest) if key.startswith("smtpd_")}
    return case("early/" + name, main(smtpd_delay_reject="no", **fields), *asked, **rest)


CASES = [
    lists("both empty", "", "", stranger=DEAD),
    lists("both unset, level 3.6", None, None, stranger=LATER, local=YES, own=YES),
    lists("relay list empty, recipient list unset", "", None, stranger=DEAD),
    lists("relay list empty, recipient list guards", "", "permit_mynetworks, " + GUARD, stranger=NO, local=YES, own=YES),
    lists("relay list guards, recipient list empty", "permit_mynetworks, " + GUARD, "", stranger=NO, local=YES, own=YES),
    lists("the article's mistake", "permit_mynetworks", "", stranger=DEAD),
    lists("the article's mistake, with a guarding recipient list", "permit_mynetworks", "permit_mynetworks, " + GUARD, stranger=NO,
          local=YES, own=YES),
    lists("permit alone", "permit", "", stranger=DEAD),
    lists("permit in both", "permit", "permit", stranger=DEAD),
    lists("permit, then the guard", "permit, " + GUARD, "permit, " + GUARD, stranger=DEAD),
    lists("permit in one, the guard in the other", "permit", GUARD, stranger=NO, own=YES),
    lists("no list but checks", "permit_mynetworks, permit_sasl_authenticated", "permit_mynetworks", stranger=DEAD),
    lists("reject", "permit_mynetworks, reject", "", stranger=NO, local=YES, own=NO),
    lists("defer", "permit_mynetworks, defer", "", stranger=LATER, local=YES, own=LATER),
    lists("defer_if_permit", "permit_mynetworks, defer_if_permit", "", stranger=LATER, local=YES, own=LATER),
    lists("defer_unauth_destination", "permit_mynetworks, defer_unauth_destination", "", stranger=LATER, local=YES, own=YES),
    lists("the guard in capitals", "permit_mynetworks, REJECT_UNAUTH_DESTINATION", "", stranger=NO, local=YES),
    lists("the guard mistyped", "permit_mynetworks, reject_unauth_destinations", "", stranger=DEAD),
    lists("the guard mistyped in one list", "permit_mynetworks, reject_unauth_destinations", "permit_mynetworks, " + GUARD,
          stranger=BROKEN, local=YES, own=BROKEN, since=(3, 6)),
    lists("the guard mistyped in one list, 3.5 asks the other first", "permit_mynetworks, reject_unauth_destinations",
          "permit_mynetworks, " + GUARD, stranger=NO, local=YES, own=BROKEN, before=(3, 6)),
    lists("a table that permits everyone, then the guard", "check_sender_access static:OK, " + GUARD, "", stranger=YES),
    lists("a table that rejects everyone is no guard", "permit_mynetworks, check_sender_access static:reject", "", stranger=DEAD),
    lists("the guard as a table's value is none", "permit_mynetworks, check_client_access static:reject_unauth_destination", "",
          stranger=DEAD),
    lists("a bare table, then the guard", "static:OK, " + GUARD, "", stranger=YES),
    lists("a table called reject", "permit_mynetworks, check_sender_access reject", "", stranger=BROKEN, local=YES),
    lists("a class with the guard", "permit_mynetworks, mine", "", stranger=NO, local=YES, own=YES,
          parameters={"smtpd_restriction_classes": "mine", "mine": GUARD}),
    lists("a class with the guard, not declared", "permit_mynetworks, mine", "", stranger=DEAD, parameters={"mine": GUARD}),
    lists("the guard in braces", "permit_mynetworks, {reject_unauth_destination}", "", stranger=DEAD),
    lists("the guard after a comment sign", "permit_mynetworks # reject_unauth_destination", "", stranger=BROKEN, local=YES),
    lists("the guard in the client list is none", "permit_mynetworks", "", stranger=DEAD,
          parameters={"smtpd_client_restrictions": GUARD}),
    lists("reject_unlisted_recipient is no guard", "permit_mynetworks, reject_unlisted_recipient", "", stranger=DEAD),
    lists("reject_unverified_recipient is no guard", "permit_mynetworks, reject_unverified_recipient", "", stranger=DEAD),
    lists("permit_auth_destination is no guard", "permit_mynetworks, permit_auth_destination", "", stranger=DEAD),
    lists("permit_auth_destination, then reject", "permit_mynetworks, permit_auth_destination, reject", "", stranger=NO, own=YES),
    lists("the guard after reject", "permit_mynetworks, reject, " + GUARD, "", stranger=NO, own=NO),
    lists("permit after the guard, other list empty", "permit_mynetworks, reject_unauth_destination, permit", "", stranger=NO, own=YES),
    lists("bad network protocols", "permit_mynetworks, " + GUARD, "", stranger=DEAD, parameters={"inet_protocols": "ipv5"}),
    lists("unknown mail owner is not asked for", "permit_mynetworks, " + GUARD, "", stranger=NO, parameters={"mail_owner": "postfix"}),
    lists("no interfaces", "permit_mynetworks, " + GUARD, "", stranger=NO, own=YES, parameters={"inet_interfaces": ""}),
    lists("undefined macro for the list", "$nothing", "", stranger=DEAD),
    lists("table without a type", "permit_mynetworks, check_sender_access access, " + GUARD, "", stranger=BROKEN, local=YES),

    early("client list guards nothing", smtpd_client_restrictions=GUARD, smtpd_relay_restrictions="check_sender_access static:OK, " + GUARD,
          stranger=YES),
    early("helo list guards nothing", smtpd_helo_restrictions=GUARD, smtpd_relay_restrictions="check_sender_access static:OK, " + GUARD,
          stranger=YES),
    early("sender list guards nothing", smtpd_sender_restrictions=GUARD,
          smtpd_relay_restrictions="check_sender_access static:OK, " + GUARD, stranger=YES),
    early("relay list still guards", stranger=NO, local=YES, own=YES),
    early("recipient list still guards", smtpd_relay_restrictions="", smtpd_recipient_restrictions="permit_mynetworks, " + GUARD,
          stranger=NO, local=YES, own=YES),
    early("client list rejects", smtpd_client_restrictions="permit_mynetworks, reject", stranger=NO, own=NO, local=YES),
    early("client list rejects everyone", smtpd_client_restrictions="reject", stranger=NO, local=NO, own=NO, isolated=True),
    early("helo list rejects", ask(NO, helo="bad.example", recipient="u@own.example"), ask(NO, helo="bad.example", client_address="127.0.0.1"),
          smtpd_helo_restrictions="check_helo_access inline:{bad.example=REJECT}", stranger=NO, own=YES),
    early("sender list rejects", ask(NO, sender="x@bad.example", recipient="u@own.example"),
          smtpd_sender_restrictions="check_sender_access inline:{bad.example=REJECT}", stranger=NO, own=YES),
    early("client list cannot know the sender", ask(YES, sender="x@bad.example", recipient="u@own.example"),
          smtpd_client_restrictions="check_sender_access inline:{bad.example=REJECT}", own=YES),
    early("client list cannot know HELO", ask(YES, helo="bad.example", recipient="u@own.example"),
          smtpd_client_restrictions="check_helo_access inline:{bad.example=REJECT}", own=YES),
    early("defer_if_permit in the client list is still there at RCPT", smtpd_client_restrictions="defer_if_permit", stranger=NO, own=LATER),
    early("defer in the client list", smtpd_client_restrictions="permit_mynetworks, defer", stranger=LATER, local=YES),
    early("permit in the client list is harmless", smtpd_client_restrictions="permit", stranger=NO, own=YES),
    early("missing table in the client list", smtpd_client_restrictions="permit_mynetworks, check_client_access hash:$config_directory/no",
          stranger=BROKEN, local=YES),
    early("postmaster is rejected with the client", ask(NO, recipient="postmaster"), smtpd_client_restrictions="permit_mynetworks, reject"),
    case("late/postmaster is accepted whatever the lists say", main(smtpd_client_restrictions="permit_mynetworks, reject"),
         ask(YES, recipient="postmaster"), stranger=NO),
    case("late/postmaster and a missing table", main(smtpd_client_restrictions="check_client_access hash:$config_directory/no"),
         ask(YES, recipient="postmaster"), stranger=BROKEN),
    case("late/client list knows the recipient", main(smtpd_client_restrictions="permit_mynetworks, " + GUARD,
                                                      smtpd_relay_restrictions="check_sender_access static:OK, " + GUARD), stranger=NO, own=YES),
    case("late/client list knows the sender", main(smtpd_client_restrictions="check_sender_access inline:{bad.example=REJECT}"),
         ask(NO, sender="x@bad.example", recipient="u@own.example"), own=YES),
    case("late/HELO is required", main(smtpd_helo_required="yes"), ask(NO, helo=None, recipient="u@own.example"), own=YES),
    case("late/HELO is not required", main(smtpd_helo_required="no"), ask(YES, helo=None, recipient="u@own.example"), own=YES),
    case("start/myorigin of two words", main(myorigin="own.example other.example"), stranger=DEAD),
    case("start/myorigin with a comma", main(myorigin="own.example,"), stranger=DEAD),
    case("start/relayhost is the host itself", main(relayhost="MX.own.example"), stranger=DEAD),
    case("start/relayhost in brackets is another", main(relayhost="[mx.own.example]"), own=YES),
    case("start/one delimiter", main(default_verp_delimiters="+"), stranger=DEAD),
    case("start/a delimiter that the filter has not", main(default_verp_delimiters="+!"), stranger=DEAD),
    case("start/two delimiters", main(default_verp_delimiters="-="), own=YES),
    case("start/an argument of another service that opens a brace", main(), stranger=DEAD, own=DEAD,
         master_cf="smtp inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite\nother unix - - n - - cleanup -o { x=y\n"),
    case("start/a brace within a word that is never closed", main(), stranger=NO, own=YES,
         master_cf="smtp inet n - n - - smtpd\nrewrite unix - - n - - trivial-rewrite -o relay_domains={ -o x=y\n"),
    behind("by its address alone", "inet:127.0.0.1:9", stranger=NO, local=YES),
    behind("with attributes", "{ unix:private/p, timeout=1s, {default_action = DUNNO} }", stranger=NO, local=YES),
    behind("without a type", "private/p", stranger=DEAD),
    behind("in empty braces", "{ }", stranger=DEAD),
    behind("with a second address", "{ unix:private/p, unix:private/q }", stranger=DEAD),
    behind("with an attribute that is none", "{ unix:private/p, nosuch=1 }", stranger=DEAD),
    behind("with an attribute without a value", "{ unix:private/p, timeout }", stranger=DEAD),
    behind("with a value that is none", "{ unix:private/p, timeout=1x }", stranger=DEAD),
    behind("with a value in braces that is none", "{ unix:private/p, {try_limit = 0} }", stranger=DEAD),
    behind("with text behind braces", "{ unix:private/p, {try_limit = 1}x }", stranger=DEAD),
    behind("with a second bad attribute", "{ unix:private/p, try_limit=1, max_idle=no }", stranger=DEAD),
    case("start/a table without a name in a list", main(smtpd_client_restrictions="check_client_access hash:"), stranger=DEAD),
    case("start/a table without a name for whose headers are rewritten", main(local_header_rewrite_clients="hash:"), stranger=DEAD),
    case("start/a table without a name for senders' logins", main(smtpd_sender_login_maps="hash:"), stranger=DEAD),
    case("start/a command filter without a name", main(smtpd_command_filter="pcre:"), stranger=DEAD),
    case("start/a table without a name for a client list", main(smtpd_authorized_xforward_hosts="hash:"), stranger=DEAD),
    case("start/a table without a name that trivial-rewrite opens", main(sender_dependent_relayhost_maps="hash:"), stranger=DEAD),
    case("start/a style of networks that is none", main(mynetworks=None, mynetworks_style="nets"), stranger=DEAD),
    case("start/a style of networks that nobody asks for", main(mynetworks_style="nets"), stranger=NO, own=YES),
    case("start/no protocols", main(inet_protocols=""), stranger=DEAD),
    case("start/protocols in capitals", main(inet_protocols="IPv4"), stranger=DEAD),
    case("start/all protocols and one of them", main(inet_protocols="all, ipv4"), stranger=NO, own=YES),
    case("start/a style of networks in capitals", main(mynetworks=None, mynetworks_style="HOST"), stranger=DEAD),
    case("start/all interfaces beside an address", main(inet_interfaces="all, 127.0.0.1"), stranger=DEAD),
    case("start/all interfaces in capitals", main(inet_interfaces="ALL"), stranger=DEAD),
    case("start/an address of a protocol that is off", main(inet_interfaces="127.0.0.1, ::1", inet_protocols="ipv4"), stranger=DEAD),
    case("start/an address in brackets of a protocol that is off", main(inet_interfaces="127.0.0.1, [::1]", inet_protocols="ipv4"), stranger=DEAD),
    case("start/a bad value that trivial-rewrite alone reads", main(swap_bangpath="maybe"), stranger=DEAD),
    case("start/a bad value that nobody reads", main(smtp_helo_timeout="maybe"), stranger=NO, own=YES),
]
