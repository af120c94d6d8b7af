# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What master(8) runs, what a daemon makes of its arguments, which trivial-rewrite smtpd asks, and what it dies of beyond its lists."""

from .form import BROKEN, DEAD, NO, YES, ask, case, main, relay

GUARD = "reject_unauth_destination"
SMTP = "smtp inet n - n - - smtpd"
WIDE = " -o mynetworks=0.0.0.0/0"
REWRITE = "rewrite unix - - n - - trivial-rewrite"
OTHER = "other unix - - n - - trivial-rewrite -o relay_domains=example"
MISSING = "hash:$config_directory/missing"
SASL = {"smtpd_sasl_auth_enable": "yes"}


def run(name, services, stranger, **parameters):
    """A case with these lines of master.cf."""
    own = YES if stranger is not DEAD else DEAD
    return case("daemon/" + name, main(**parameters), master_cf="\n".join([*services, ""]), stranger=stranger, own=own)


def strict(name, text, stranger=DEAD, **rest):
    """A case whose daemons die of a table that they cannot open."""
    return case("daemon/open or die, " + name, text + "daemon_table_open_error_is_fatal = yes\n", stranger=stranger, **rest)


CASES = [
    run("the last of two entries counts", [SMTP + WIDE, SMTP, REWRITE], NO),
    run("the last of two entries counts, wide", [SMTP, SMTP + WIDE, REWRITE], YES),
    run("another type is another entry", [SMTP, "smtp unix n - n - - smtpd" + WIDE, REWRITE], NO),
    run("the last of two rewrite services", [SMTP, REWRITE, REWRITE + " -o relay_domains=example"], YES),
    run("the last of two rewrite services, narrow", [SMTP, REWRITE + " -o relay_domains=example", REWRITE], NO),
    run("a rewrite service of another name", [SMTP, REWRITE, OTHER], YES, rewrite_service_name="other"),
    run("a rewrite service of another name, that nobody asks", [SMTP, OTHER, REWRITE], NO),
    run("a rewrite service by an override", [SMTP + " -o rewrite_service_name=other", REWRITE, OTHER], YES),
    run("an option with an argument, ahead of another", [SMTP + " -n smtp" + WIDE, REWRITE], YES),
    run("an option with its argument in one word", [SMTP + " -vi5" + WIDE, REWRITE], YES),
    run("an option that takes another for its argument", [SMTP + " -n -o mynetworks=0.0.0.0/0", REWRITE], DEAD),
    run("a hyphen", [SMTP + " -", REWRITE], DEAD),
    run("two hyphens end the options", [SMTP + " --" + WIDE, REWRITE], DEAD),
    run("an unknown option", [SMTP + " -x", REWRITE], DEAD),
    run("an option for standard input", [SMTP + " -S", REWRITE], DEAD),
    strict("a list", relay(GUARD + ", check_client_access " + MISSING)), strict("a networks' table", main(mynetworks=MISSING)),
    strict("a networks' file", main(mynetworks="/nosuch")), strict("behind what permits", relay("static:OK, check_client_access %s, reject" % MISSING)),
    strict("a list that is not asked", main(smtpd_etrn_restrictions="check_client_access " + MISSING)),
    strict("transports", main(transport_maps=MISSING)), strict("an unknown type", relay("check_client_access nosuch:x, " + GUARD)),
    strict("a key twice", relay("check_client_access texthash:$config_directory/t, " + GUARD), files={"t": "a OK\na OK\n"}),
    strict("a table that fails", relay("check_client_access fail:x, " + GUARD), BROKEN),
    strict("a table of another program", main(smtp_generic_maps=MISSING), NO),
    strict("aliases, which smtpd asks no one about", main(alias_maps=MISSING), NO),
    case("daemon/an unknown option for logins", main(smtpd_sasl_security_options="noanonymous, noplain", **SASL), stranger=DEAD),
    case("daemon/an unknown option for logins, which are off", main(smtpd_sasl_security_options="noanonymous, noplain"), stranger=NO, own=YES),
    case("daemon/an unknown option for logins by TLS", main(smtpd_sasl_tls_security_options="noplain", **SASL), stranger=NO, own=YES),
    case("daemon/lists of old in the DNS", main(smtpd_client_restrictions="reject_maps_rbl"), stranger=NO, own=YES, before=(3, 9)),
    case("daemon/lists of old in the DNS are gone", main(smtpd_client_restrictions="reject_maps_rbl"), stranger=BROKEN, own=BROKEN, since=(3, 9)),
    case("daemon/lists of old in the DNS with a broken filter", main(
        smtpd_client_restrictions="reject_maps_rbl", maps_rbl_domains="deny.oracle.example=127.0.0.x"), stranger=DEAD, before=(3, 9), isolated=True),
    case("daemon/names that nobody looks up", relay("check_client_access inline:{net=OK}, " + GUARD, smtpd_peername_lookup="no"),
         stranger=NO, named=NO, own=YES, peer="pass", isolated=True),
    case("daemon/no names, for a list that wants one", relay(
        "check_sender_access static:OK, " + GUARD, smtpd_peername_lookup="no", smtpd_client_restrictions="reject_unknown_client_hostname",
        unknown_client_reject_code="550"), stranger=NO, named=NO, peer="pass", isolated=True),
    case("daemon/a mask that is kept in 32 bits", main(mynetworks="0.0.0.0/4294967296"), stranger=YES),
    case("daemon/a mask that is kept in 32 bits, of a cidr table", relay("check_client_access cidr:$config_directory/t, " + GUARD),
         ask(NO, client_address="203.0.114.1"), stranger=YES, files={"t": "203.0.113.0/4294967320 OK\n"}),
    case("daemon/a mask that no long holds", main(mynetworks="0.0.0.0/99999999999999999999"), stranger=BROKEN),
    case("daemon/a file of networks with a NUL", main(mynetworks="$config_directory/t"), ask(YES, client_address="10.1.1.1"), local=YES, stranger=NO,
         files={"t": b"127.0.0.0/8\0 203.0.113.0/24\n10.0.0.0/8\n"}),
    case("daemon/a letter that has capitals in Unicode alone", relay("check_client_access static:d\u0131scard, " + GUARD), stranger=BROKEN, own=BROKEN),
    case("daemon/a sign for a letter", relay("permit_mynetwor\u212as, " + GUARD), stranger=BROKEN, own=BROKEN),
    case("daemon/lists' owners like others", relay("check_recipient_access inline:{list@elsewhere.example=OK, owner@=OK}, " + GUARD, recipient_delimiter="-",
                                                   owner_request_special="no"),
         ask(YES, recipient="list-request@elsewhere.example"), ask(YES, recipient="owner-x@elsewhere.example"), stranger=NO),
    case("daemon/another sender of double bounces", relay("check_recipient_access inline:{double@elsewhere.example=OK}, " + GUARD, recipient_delimiter="-",
                                                          double_bounce_sender="Double-X"),
         ask(NO, recipient="double-x@elsewhere.example"), ask(YES, recipient="double-bounce@elsewhere.example"), stranger=NO),
    case("letters/a sender's domain", relay("check_sender_access inline:{b\u00fccher.example=OK}, " + GUARD),
         ask(YES, sender="user@b\u00fccher.example"), ask(YES, sender="user@B\u00dcCHER.example"), ask(NO, sender="user@xn--bcher-kva.example"), stranger=NO),
    case("letters/a sender's domain that a pattern finds", relay("check_sender_access pcre:$config_directory/t, " + GUARD),
         ask(YES, sender="user@b\u00fccher.example"), stranger=NO, files={"t": "/@b\u00fccher/ OK\n"}),
    case("letters/a sender's domain that has none", relay("check_sender_access inline:{a\u00fc..example=OK}, " + GUARD),
         ask(NO, sender="user@a\u00fc..example")),
    case("letters/a sender's domain where they are off", relay("check_sender_access inline:{b\u00fccher.example=OK}, " + GUARD, smtputf8_enable="no"),
         ask(NO, sender="user@b\u00fccher.example"), stranger=NO),
    case("letters/a sender who must declare them", relay("check_sender_access inline:{j\u00fcrgen@example.net=OK}, " + GUARD, strict_smtputf8="yes"),
         ask(YES, sender="j\u00fcrgen@example.net"), stranger=NO),
    case("letters/one's own domain", main(relay_domains="b\u00fccher.example"), ask(YES, recipient="user@b\u00fccher.example"), stranger=NO),
    case("letters/a sender's domain that is whole", relay("reject_non_fqdn_sender, check_sender_access inline:{b\u00fccher.example=OK}, " + GUARD),
         ask(YES, sender="user@b\u00fccher.example"), ask(NO, sender="user@b\u00fccher"), stranger=NO),
    case("daemon/an interface with a prefix length", main(inet_interfaces="127.0.0.1/8"), stranger=DEAD),
    case("daemon/a compatibility level beyond all", main(compatibility_level="999999999999"), stranger=NO, own=YES, since=(3, 6)),
    case("daemon/a compatibility level beyond what fits", main(compatibility_level="8796093022208"), stranger=DEAD, since=(3, 6)),
]
