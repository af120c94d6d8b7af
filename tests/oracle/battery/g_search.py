# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which keys an access table is asked for, and in which order (access(5)); what a client may forge."""

from .form import BROKEN, NO, YES, ask, case, relay

GUARD = "reject_unauth_destination"


def keys(check, table, *asked, **rest):
    """A case whose relay list asks a table of lines "key value" ahead of the guard."""
    name = rest.pop("name", ", ".join(table.split("\n")))
    text = relay("%s texthash:$config_directory/t, %s" % (check, GUARD), **rest.pop("parameters", {}))
    return case("search/%s: %s" % (check, name), text, *asked, files={"t": table + "\n"}, **rest)


RCPT, SENDER, CLIENT, HELO = "check_recipient_access", "check_sender_access", "check_client_access", "check_helo_access"
DOTS = {"parent_domain_matches_subdomains": ""}
DEEP = {"recipient": "user@a.b.elsewhere.example"}

CASES = [
    keys(RCPT, "user@elsewhere.example OK", ask(NO, recipient="other@elsewhere.example"), stranger=YES),
    keys(RCPT, "USER@Elsewhere.Example OK", stranger=YES),
    keys(RCPT, "user@elsewhere.example OK", ask(YES, recipient="USER@ELSEWHERE.EXAMPLE"), name="recipient in capitals"),
    keys(RCPT, "elsewhere.example OK", ask(YES, **DEEP), stranger=YES),
    keys(RCPT, "elsewhere.example OK", ask(NO, **DEEP), name="parents while only dots match", stranger=YES, parameters=DOTS),
    keys(RCPT, ".elsewhere.example OK", ask(NO, **DEEP), stranger=NO),
    keys(RCPT, ".elsewhere.example OK", ask(YES, **DEEP), name="leading dot while only dots match", stranger=NO, parameters=DOTS),
    keys(RCPT, "example OK", stranger=YES),
    keys(RCPT, "@elsewhere.example OK", stranger=NO),
    keys(RCPT, "*@elsewhere.example OK", stranger=NO),
    keys(RCPT, "user@ OK", ask(NO, recipient="user2@elsewhere.example"), stranger=YES),
    keys(RCPT, "user OK", stranger=NO),
    keys(RCPT, "* OK", stranger=NO),
    keys(RCPT, "user@elsewhere.example REJECT\nelsewhere.example OK", ask(YES, recipient="other@elsewhere.example"), stranger=NO),
    keys(RCPT, "elsewhere.example REJECT\nuser@ OK", stranger=NO),
    keys(RCPT, "b.elsewhere.example REJECT\nelsewhere.example OK", ask(NO, **DEEP), stranger=YES),
    keys(RCPT, "user@elsewhere.example DUNNO\nelsewhere.example OK", stranger=NO, name="DUNNO ends the search in one table"),
    keys(RCPT, "user@elsewhere.example OK", ask(YES, recipient="user+tag@elsewhere.example"), name="extension",
         parameters={"recipient_delimiter": "+"}),
    keys(RCPT, "user@elsewhere.example OK", ask(NO, recipient="user+tag@elsewhere.example"), name="extension without a delimiter"),
    keys(RCPT, "user+tag@elsewhere.example REJECT\nuser@elsewhere.example OK", ask(NO, recipient="user+tag@elsewhere.example"),
         name="extension first", parameters={"recipient_delimiter": "+"}),
    keys(RCPT, "user@ OK", ask(YES, recipient="user+tag@elsewhere.example"), name="extension and local part",
         parameters={"recipient_delimiter": "+"}),
    keys(RCPT, "elsewhere.example OK", ask(NO, recipient="user@[203.0.113.90]"), name="no key for an address literal"),
    keys(RCPT, "[203.0.113.90] OK", ask(YES, recipient="user@[203.0.113.90]"), name="an address literal as key"),
    keys(RCPT, "203.0.113.90 OK", ask(NO, recipient="user@[203.0.113.90]"), name="an address without brackets as key"),
    keys(SENDER, "sender@example.net OK", ask(NO, sender="other@example.net"), stranger=YES, null=NO),
    keys(SENDER, "example.net OK", ask(YES, sender="x@sub.example.net"), ask(NO, sender="x@example.org"), stranger=YES),
    keys(SENDER, "example.net OK", ask(NO, sender="x@sub.example.net"), name="parents while only dots match", parameters=DOTS),
    keys(SENDER, "sender@ OK", ask(YES, sender="sender@example.org"), stranger=YES),
    keys(SENDER, "<> OK", null=YES, stranger=NO),
    keys(SENDER, "<> OK", null=NO, name="null sender has another key", parameters={"smtpd_null_access_lookup_key": "nobody"}),
    keys(SENDER, "nobody OK", null=YES, name="null sender's own key", parameters={"smtpd_null_access_lookup_key": "nobody"}),
    keys(SENDER, "own.example OK", ask(YES, sender="boss@own.example"), name="forged sender of one's own domain", stranger=NO),
    keys(SENDER, "own.example permit_mynetworks", ask(NO, sender="boss@own.example"), name="one's own domain, but only from one's nets",
         stranger=NO),
    keys(SENDER, "own.example REJECT", ask(NO, sender="boss@own.example"), name="forged sender rejected", stranger=NO, own=YES),
    keys(CLIENT, "203.0.113.9 OK", ask(NO, client_address="203.0.113.10"), stranger=YES),
    keys(CLIENT, "203.0.113 OK", ask(NO, client_address="203.0.114.1"), stranger=YES),
    keys(CLIENT, "203.0 OK", stranger=YES), keys(CLIENT, "203 OK", stranger=YES), keys(CLIENT, "203.0.113. OK", stranger=NO),
    keys(CLIENT, "203.0.11 OK", stranger=NO), keys(CLIENT, "203.0.113.0/24 OK", stranger=NO),
    keys(CLIENT, "203.0.113.9 REJECT\n203.0.113 OK", ask(YES, client_address="203.0.113.10"), stranger=NO),
    keys(CLIENT, "2001:db8:bad::9 OK", stranger6=YES), keys(CLIENT, "2001:db8:bad:0:0:0:0:9 OK", stranger6=NO),
    keys(CLIENT, "2001:db8:bad OK", stranger6=YES), keys(CLIENT, "2001:db8 OK", stranger6=YES), keys(CLIENT, "2001:DB8 OK", stranger6=YES),
    keys(CLIENT, "2001:db8:bad: OK", ask(NO, client_address="2001:db8:bad:1::9"), stranger6=YES), keys(CLIENT, "2001:db8:bad::/48 OK", stranger6=NO),
    keys(CLIENT, "client.example.net OK", named=YES, stranger=NO), keys(CLIENT, "example.net OK", named=YES),
    keys(CLIENT, "example.net OK", named=NO, name="parents while only dots match", parameters=DOTS),
    keys(CLIENT, ".example.net OK", named=YES, name="leading dot while only dots match", parameters=DOTS),
    keys(CLIENT, "net OK", named=YES), keys(CLIENT, "unknown OK", stranger=YES, named=NO),
    keys(CLIENT, "client.example.net REJECT\n203.0.113.9 OK", named=NO, stranger=YES),
    keys(CLIENT, "203.0.113.9 REJECT\nclient.example.net OK", named=YES, stranger=NO),
    keys(CLIENT, "203.0.113.9 OK", ask(YES, client_address="::ffff:203.0.113.9"), name="IPv4 client in IPv6 form"),
    keys(CLIENT, "localhost OK", local=YES, stranger=NO),
    keys(CLIENT, "ptr.example.net OK", ask(NO, reverse_name="ptr.example.net"), name="a PTR name that does not lead back"),
    keys(HELO, "client.example.net OK", ask(NO, helo="other.example"), stranger=YES),
    keys(HELO, "example.net OK", ask(NO, helo="net"), stranger=YES), keys(HELO, "localhost OK", ask(YES, helo="localhost"), stranger=NO),
    keys(HELO, "own.example OK", ask(YES, helo="mx.own.example"), name="forged HELO of one's own domain", stranger=NO),
    keys(HELO, "127.0.0.1 OK", ask(YES, helo="127.0.0.1"), ask(NO, helo="[127.0.0.1]"), name="forged HELO of an address", stranger=NO),
    keys(HELO, "[127.0.0.1] OK", ask(YES, helo="[127.0.0.1]"), name="forged HELO of an address literal"),
    keys(HELO, "127 OK", ask(NO, helo="127.0.0.1"), name="octets do not match in HELO"),
    keys(HELO, "1 OK", ask(NO, helo="127.0.0.1"), name="the last octet is no parent domain in HELO"),
    keys(HELO, "client.example.net OK", ask(NO, helo=None), name="no HELO, no key"),
    keys(HELO, "client.example.net OK", ask(YES, helo="CLIENT.example.NET", esmtp=False), name="HELO in capitals"),
    case("search/sender by regular expression", relay("check_sender_access regexp:$config_directory/t, " + GUARD),
         ask(YES, sender="x@own.example"), ask(YES, sender="own.example@example.net"), stranger=NO, files={"t": "/own\\.example/ OK\n"}),
    case("search/anchored regular expression", relay("check_sender_access regexp:$config_directory/t, " + GUARD),
         ask(YES, sender="x@own.example"), ask(NO, sender="own.example@example.net"), stranger=NO, files={"t": "/@own\\.example$/ OK\n"}),
    case("search/null sender by regular expression", relay("check_sender_access regexp:$config_directory/t, " + GUARD),
         null=YES, stranger=NO, files={"t": "/^<>$/ OK\n"}),
    case("search/negated regular expression", relay("check_client_access regexp:$config_directory/t, " + GUARD),
         stranger=YES, local=YES, files={"t": "!/^10\\./ OK\n"}),
    case("search/regular expression with if", relay("check_client_access regexp:$config_directory/t, " + GUARD),
         stranger=YES, local=NO, files={"t": "if /^203/\n/113/ OK\nendif\n"}),
    case("search/pcre", relay("check_client_access pcre:$config_directory/t, " + GUARD), stranger=YES, local=NO,
         files={"t": "/^203\\.0\\.(?:113)\\./ OK\n"}),
    case("search/cidr table", relay("check_client_access cidr:$config_directory/t, " + GUARD), ask(NO, client_address="203.0.114.1"),
         stranger=YES, stranger6=NO, files={"t": "203.0.113.0/24 OK\n"}),
    case("search/cidr table, first match", relay("check_client_access cidr:$config_directory/t, " + GUARD),
         ask(YES, client_address="203.0.113.10"), stranger=NO, files={"t": "203.0.113.9 REJECT\n203.0.113.0/24 OK\n"}),
    case("search/cidr table, IPv6", relay("check_client_access cidr:$config_directory/t, " + GUARD), stranger6=YES, stranger=NO,
         files={"t": "2001:db8:bad::/48 OK\n"}),
    case("search/cidr table, everything", relay("check_client_access cidr:$config_directory/t, " + GUARD), stranger=YES, stranger6=YES,
         files={"t": "0.0.0.0/0 OK\n::/0 OK\n"}),
    case("search/cidr table asked for a sender", relay("check_sender_access cidr:$config_directory/t, " + GUARD), stranger=NO,
         files={"t": "0.0.0.0/0 OK\n"}),
    case("search/cidr table asked for HELO", relay("check_helo_access cidr:$config_directory/t, " + GUARD), ask(YES, helo="1.2.3.4"),
         stranger=NO, files={"t": "0.0.0.0/0 OK\n"}),
    case("search/cidr table with if", relay("check_client_access cidr:$config_directory/t, " + GUARD), stranger=YES, local=NO,
         files={"t": "if 203.0.0.0/8\n0.0.0.0/0 OK\nendif\n"}),
    case("search/cidr table with a bad line", relay("check_client_access cidr:$config_directory/t, " + GUARD), stranger=YES,
         files={"t": "nonsense OK\n203.0.113.0/24 OK\n"}),
    case("search/static sees no key", relay("check_client_access static:nonsense, " + GUARD), stranger=BROKEN),
    case("search/check_sasl_access", relay("check_sasl_access inline:{someone=OK}, " + GUARD, smtpd_sasl_auth_enable="yes"),
         ask(NO, login="other"), stranger=NO, login=YES),
]
