# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of access tables (access(5), src/smtpd/smtpd_check.c, check_table_result())."""

from .form import BROKEN, DROP, LATER, NO, YES, case, main, relay

GUARD = "reject_unauth_destination"


def value(text, stranger, own, *asked, **rest):
    """A case whose relay list asks a recipient table that says `text` of every address."""
    name = rest.pop("name", text)
    table = rest.pop("table", "/./ " + text + "\n")
    return case("access/" + name, relay("check_recipient_access regexp:$config_directory/t, " + GUARD, **rest.pop("parameters", {})), *asked,
                stranger=stranger, own=own, files={"t": table}, **rest)


CASES = [
    value("OK", YES, YES), value("ok", YES, YES), value("Ok sure", YES, YES), value("OK, REJECT", BROKEN, BROKEN),
    value("OKAY", BROKEN, BROKEN), value("RELAY", YES, YES), value("relay", YES, YES), value("RELAYED", BROKEN, BROKEN),
    value("0", YES, YES), value("250", YES, YES), value("12345678901234567890", YES, YES), value("1 2", BROKEN, BROKEN),
    value("250 ok", BROKEN, BROKEN), value("-1", BROKEN, BROKEN), value("1.0", BROKEN, BROKEN),
    value("DUNNO", NO, YES), value("dunno", NO, YES), value("DUNNO, permit", BROKEN, BROKEN),
    value("DISCARD", DROP, DROP), value("discard quietly", DROP, DROP),
    value("HOLD", NO, YES), value("HOLD now", NO, YES), value("PREPEND X-A: b", NO, YES), value("PREPEND", NO, YES),
    value("FILTER smtp:[127.0.0.1]", NO, YES), value("FILTER nonsense", NO, YES), value("REDIRECT u@own.example", NO, YES), value("REDIRECT u", NO, YES),
    value("WARN text", NO, YES), value("INFO text", NO, YES), value("BCC u@own.example", NO, YES),
    value("REJECT", NO, NO), value("reject go away", NO, NO), value("REJECTED", BROKEN, BROKEN),
    value("DEFER", LATER, LATER), value("DEFER_IF_PERMIT", NO, LATER), value("DEFER_IF_PERMIT x", NO, LATER),
    value("DEFER_IF_REJECT", LATER, YES),
    value("550", YES, YES, name="550 alone is a number"), value("550 no", NO, NO), value("450 later", LATER, LATER),
    value("550 5.7.1 no", NO, NO), value("450 4.7.1 later", LATER, LATER), value("421 bye", LATER, LATER), value("521 bye", NO, NO),
    value("600 x", BROKEN, BROKEN), value("45 x", BROKEN, BROKEN), value("4500 x", BROKEN, BROKEN),
    value("accept", BROKEN, BROKEN), value("ALLOW", BROKEN, BROKEN), value("yes", BROKEN, BROKEN), value("true", BROKEN, BROKEN),
    value("permit", YES, YES), value("PERMIT", YES, YES), value("permit_mynetworks", NO, YES, local=YES),
    value("permit_mynetworks, reject", NO, NO, local=YES), value("permit_sasl_authenticated", NO, YES, parameters={"smtpd_sasl_auth_enable": "yes"}, login=YES),
    value("reject_unauth_destination", NO, YES), value("permit_auth_destination", NO, YES),
    value("check_sender_access static:OK", BROKEN, BROKEN), value("permit_mynetworks permit", YES, YES, name="a list with a permit"),
    value("reject_unauth_destination, permit", NO, YES), value("nonsense", BROKEN, BROKEN),
    value("check_recipient_access static:DUNNO, permit", BROKEN, BROKEN, name="a table within a table"),
    value("{ permit }", BROKEN, BROKEN), value("warn_if_reject reject", NO, YES), value("sleep 0, permit", YES, YES),
    value("mine", YES, YES, name="a class that permits", parameters={"smtpd_restriction_classes": "mine", "mine": "permit"}),
    value("MINE", BROKEN, BROKEN, name="a class in the wrong case", parameters={"smtpd_restriction_classes": "mine", "mine": "permit"}),
    value("mine", BROKEN, BROKEN, name="a class not declared", parameters={"mine": "permit"}),
    value("mine", NO, NO, name="a class that rejects", parameters={"smtpd_restriction_classes": "mine", "mine": "reject"}),
    value("", BROKEN, BROKEN, name="an empty value of a regular expression", table="/./\n"),
    case("access/an empty value", relay("check_recipient_access inline:{elsewhere.example= }, " + GUARD), stranger=BROKEN, own=YES),
    case("access/an empty value of texthash", relay("check_recipient_access texthash:$config_directory/t, " + GUARD),
         files={"t": "elsewhere.example\n"}, stranger=NO, own=YES),
    case("access/a key that is not there", relay("check_recipient_access inline:{other.example=OK}, " + GUARD), stranger=NO, own=YES),
    case("access/a rule with a macro of main.cf is skipped", relay("check_recipient_access regexp:$config_directory/t, " + GUARD, w="permit"),
         files={"t": "/./ ${w}\n"}, stranger=NO),
    case("access/permit ends its own list alone", main(smtpd_client_restrictions="check_client_access static:OK, reject",
                                                       smtpd_sender_restrictions="check_sender_access static:OK"), stranger=NO, own=YES),
    case("access/static with a list", relay("check_client_access static:{permit_mynetworks, permit}, " + GUARD), stranger=YES),
    case("access/static with a list that guards", relay("check_client_access static:{permit_mynetworks, reject_unauth_destination}, " + GUARD),
         stranger=NO, own=YES, local=YES),
    case("access/text of a reply with the word permit", relay("check_client_access static:{554 permit}, " + GUARD), stranger=NO, own=NO),
    case("access/first table wins", relay("check_client_access static:OK, check_client_access static:REJECT, " + GUARD), stranger=YES),
    case("access/dunno, then the next", relay("check_client_access static:DUNNO, check_client_access static:OK, " + GUARD), stranger=YES),
    case("access/reject code", relay("check_client_access static:REJECT, " + GUARD, access_map_reject_code="450"), stranger=LATER),
    case("access/several tables in braces", relay("check_client_access {static:OK, static:REJECT}, " + GUARD), stranger=BROKEN),
    case("access/fail table", relay("check_client_access fail:x, " + GUARD), stranger=BROKEN, own=BROKEN),
    case("access/randmap", relay("check_client_access randmap:{OK}, " + GUARD), stranger=YES),
    case("access/pipemap", relay("check_client_access pipemap:{inline:{203.0.113.9=x}, inline:{x=OK}}, " + GUARD), stranger=YES),
    case("access/unionmap", relay("check_client_access unionmap:{inline:{203.0.113.9=OK}, static:x}, " + GUARD), stranger=BROKEN),
    case("access/built table", relay("check_recipient_access hash:$config_directory/t, " + GUARD), files={"t": "elsewhere.example OK\n"},
         tables=("hash:t",), stranger=YES, own=YES),
    case("access/built table in lmdb", relay("check_recipient_access lmdb:$config_directory/t, " + GUARD),
         files={"t": "elsewhere.example OK\n"}, tables=("lmdb:t",), stranger=YES, own=YES),
    case("access/text file never built", relay("check_recipient_access hash:$config_directory/t, " + GUARD),
         files={"t": "elsewhere.example OK\n"}, stranger=BROKEN, own=BROKEN),
    case("access/texthash, continued lines", relay("check_recipient_access texthash:$config_directory/t, " + GUARD),
         files={"t": "# x OK\nelsewhere.example\n  OK\n"}, stranger=YES, own=YES),
    case("access/texthash with the same key twice", relay("check_recipient_access texthash:$config_directory/t, " + GUARD),
         files={"t": "elsewhere.example REJECT\nelsewhere.example OK\n"}, stranger=BROKEN),
]
