# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What random configurations ever showed (soak.py): each was a difference between judge and smtpd, made small."""

from .form import BROKEN, DEAD, DROP, LATER, NO, YES, ask, case, main, recipient, relay

GUARD = "reject_unauth_destination"
OLD = "compatibility_level = 0\nmyhostname = mx.own.example\nmydestination = own.example\nlocal_recipient_maps =\nalias_maps =\n"
SMTP = "smtp inet n - n - - smtpd\n"
REWRITE = "rewrite unix - - n - - trivial-rewrite\n"


def keyed(name, table, text, *asked, **rest):
    """A case whose relay list is this check of a file called t."""
    return case("random/" + name, relay("%s:$config_directory/t, %s" % (table, GUARD), **rest.pop("parameters", {})), *asked, files={"t": text}, **rest)


CASES = [
    keyed("HELO is looked up without its odd characters", "check_helo_access pcre", "/^<>$/ OK\n/^user@/ OK\n", ask(NO, helo="<>"), ask(NO, helo="user@")),
    keyed("HELO with a question mark for them", "check_helo_access pcre", "/^\\?\\?$/ OK\n/^user\\?/ OK\n", ask(YES, helo="<>"), ask(YES, helo="user@")),
    case("random/pipemap in the recipient search", relay("pipemap:{inline:{elsewhere.example=OK}, static:OK}, " + GUARD), stranger=YES),
    case("random/pipemap whose second table knows any value", recipient("pipemap:{inline:{own.example=-1}, static:OK}, reject"),
         stranger=NO, own=YES),
    case("random/unionmap of one answer", relay("check_sender_access unionmap:{inline:{example.net=REJECT}, inline:{own.example=OK}}, " + GUARD),
         ask(YES, sender="x@own.example"), stranger=NO, own=NO),
    case("random/unionmap in a check of PTR names",
         relay("check_reverse_client_hostname_access unionmap:{inline:{a=b}, inline:{example.net=OK}}, " + GUARD), named=BROKEN, stranger=NO),
    keyed("cidr, a negated IPv4 rule is none for IPv6", "check_client_access cidr", "!10.0.0.0/8 OK\n", stranger=YES, stranger6=NO),
    keyed("cidr, a negated IPv6 rule is none for IPv4", "check_client_access cidr", "!2001:db8::/32 OK\n", ask(YES, client_address="2001:db9::1"),
          stranger=NO, stranger6=NO),
    case("random/cidr, a rule without a value", main(mynetworks="cidr:$config_directory/t"), stranger=NO, files={"t": "0.0.0.0/0 \n"}),
    case("random/regexp, a rule with an unknown flag", main(mynetworks="regexp:$config_directory/t"), stranger=NO, files={"t": "/./, x\n"}),
    case("random/pcre, a rule with an unknown flag", main(mynetworks="pcre:$config_directory/t"), stranger=NO, files={"t": "/./, x\n"}),
    keyed("texthash, any key twice", "check_client_access texthash", "a OK\na OK\n", stranger=BROKEN, own=BROKEN),
    case("random/texthash, any key twice, in mynetworks", main(mynetworks="texthash:$config_directory/t, 203.0.113.0/24"), stranger=BROKEN,
         files={"t": "a x\na x\n"}),
    case("random/inline keys keep their case", main(mynetworks="inline:{Client.Example.NET=x}"), named=NO),
    keyed("PTR name, a list that permits", "check_reverse_client_hostname_access regexp", "/./ permit\n", stranger=BROKEN, named=BROKEN),
    keyed("PTR name, a list that permits some", "check_reverse_client_hostname_access regexp", "/./ permit_mynetworks, reject\n",
          stranger=NO, local=BROKEN),
    case("random/a class of itself in a list that is not needed for the start", main(
        smtpd_restriction_classes="mine", mine="mine", smtpd_relay_restrictions="permit, mine", smtpd_recipient_restrictions=GUARD), stranger=NO, own=YES),
    case("random/a class of itself in the helo list", main(smtpd_restriction_classes="mine", mine="mine", smtpd_helo_restrictions="mine"),
         stranger=DEAD),
    case("random/level by a macro", main(compatibility_level="$level", level="3.6"), stranger=DEAD, before=(3, 6)),
    case("random/level by a macro from 3.6 on", main(compatibility_level="$level", level="3.6"), stranger=NO, own=YES, since=(3, 6)),
    case("random/check_relay_domains knows the client's name", relay("check_relay_domains", relay_domains="example.net"), named=YES, stranger=NO,
         before=(3, 9)),
    case("random/broken macro of a parameter that smtpd reads", main(permit_mx_backup_networks="${"), stranger=DEAD),
    case("random/master.cf, bad wakeup time", main(), stranger=DEAD, master_cf=SMTP + "bad inet n - n smtpd - smtpd\n" + REWRITE),
    case("random/master.cf, bad type", main(), stranger=DEAD, master_cf=SMTP + "bad tcp n - n - - smtpd\n" + REWRITE),
    case("random/master.cf, bad chroot", main(), stranger=DEAD, master_cf=SMTP + "bad inet n - no - - smtpd\n" + REWRITE),
    case("random/local_recipient_maps without a type", main(local_recipient_maps="permit"), stranger=DEAD),
    case("random/deferral of a list that is asked without HELO", main(smtpd_helo_restrictions="defer_if_permit"),
         ask(LATER, recipient="u@own.example"), ask(YES, recipient="u@own.example", helo=None)),
    case("random/networks in braces for header rewriting", main(local_header_rewrite_clients="cidr:{{ 2001:db8::/32 OK }}", smtpd_relay_restrictions=GUARD),
         stranger=BROKEN, before=(3, 7)),
    keyed("PTR name, DISCARD is no permission", "check_reverse_client_hostname_access cidr", "203.0.113.0/24 discard\n", stranger=DROP, own=DROP),
    keyed("a table of lists that names itself", "check_client_access inline:{203.0.113.9=mine}, check_sender_access texthash", "a OK\n", stranger=BROKEN,
          parameters={"smtpd_restriction_classes": "mine", "mine": "check_client_access inline:{203.0.113.9=mine}"}),
    case("random/an option without an argument ends one daemon only", main(), stranger=NO, own=YES,
         master_cf=SMTP + "2525 inet n - n - - smtpd -o \n" + REWRITE),
    case("random/no protocol at all", main(inet_protocols=""), stranger=DEAD),
    case("random/parents by a table", main(parent_domain_matches_subdomains="static:x", relay_domains="example.net"),
         ask(YES, recipient="u@sub.example.net")),
    case("random/parents by no table", main(parent_domain_matches_subdomains="mynetworks", relay_domains="example.net"),
         ask(NO, recipient="u@sub.example.net")),
    case("random/postmaster needs no table", main(local_recipient_maps="fail:x"), ask(YES, recipient="postmaster@own.example"), own=BROKEN),
    case("random/carved out and let in by a table", main(
        mynetworks="!203.0.112.0/20, 203.0.113.0/24", smtpd_relay_restrictions="check_client_access inline:{203.0.113.9=OK}, " + GUARD), stranger=YES),
    case("random/a network without its closing bracket, client list at once", main(
        mynetworks="[2001:db8:bad::9, [fc00::]/7", smtpd_delay_reject="no", smtpd_helo_required="yes",
        smtpd_client_restrictions="permit_mynetworks, reject"), ask(BROKEN, client_address="2001:db8:bad::9", helo=None), stranger=NO),
    case("random/a list that nothing uses", main(permit_mx_backup_networks="!,"), stranger=DEAD),
    case("random/a recipient whom a pattern discards, with own domains that read as foreign", main(
        mydestination="elsewhere.example, own.example", smtpd_helo_restrictions="check_recipient_access regexp:$config_directory/t"),
        ask(DROP, recipient="user@someone-elses.test"), ask(NO, recipient="other@someone-elses.test"), files={"t": "/^user@/ discard\n"}),
    case("random/one address of one's own that is broken", relay("inline:{ { postmaster@own.example = MINE } }, permit_auth_destination, defer"),
         ask(BROKEN, recipient="postmaster@own.example"), stranger=LATER, own=YES),
    case("random/an empty domain", main(), ask(NO, recipient="user@"), ask(NO, sender="user@")),
    case("random/smtpd's own relay_domains that cannot be read", relay("check_relay_domains", relay_domains="fail:x"), stranger=DEAD, before=(3, 9)),
    case("random/check_relay_domains without a recipient", main(smtpd_delay_reject="no", smtpd_client_restrictions="check_relay_domains"),
         stranger=NO, own=YES),
    case("random/local_recipient_maps of blanks", main(local_recipient_maps="$nothing $nothing"), ask(YES, recipient="postmaster@own.example"), own=NO),
    case("random/strict envelopes", recipient("check_sender_access inline:{@example.net=OK}, " + GUARD, strict_rfc821_envelopes="yes"),
         ask(NO, sender="@example.net")),
    case("random/envelopes that are not", recipient("check_sender_access inline:{@example.net=OK}, " + GUARD), ask(YES, sender="@example.net")),
    case("random/sender of a whole top-level domain", recipient("check_sender_access inline:{net=OK}, " + GUARD, append_dot_mydomain="yes"),
         stranger=YES),
    case("random/owners of senders, own domains that fail", recipient(
        "reject_sender_login_mismatch, " + GUARD, smtpd_sasl_auth_enable="yes"), stranger=BROKEN, null=NO,
        master_cf="smtp inet n - n - - smtpd -o mydestination=fail:x\n" + REWRITE),
    keyed("a pattern ahead that knows one foreign domain only", "check_recipient_access regexp", "/elsewhere/ user@own.example\n/^user@/ OK\n",
          ask(YES, recipient="user@someone-elses.test"), stranger=BROKEN),
    case("random/a macro that cannot be read, in what this version does not read", main(smtpd_relay_before_recipient_restrictions="$secret$"),
         own=YES, before=(3, 6)),
    case("random/a macro that cannot be read, in what it does", main(smtpd_relay_before_recipient_restrictions="$secret$"), own=DEAD, since=(3, 6)),
    case("random/own domains by a pattern alone, with a table of transports that is not there", main(
        mydestination="", virtual_alias_maps="pcre:$config_directory/t", transport_maps="hash:$config_directory/missing"),
        ask(YES, recipient="user@elsewhere.example"), files={"t": "/elsewhere/ x\n"}),
    case("random/pipemap in a list of patterns leaves capitals", main(mynetworks="pipemap:{inline:{unknown=OK}, inline:{OK=OK}}"), stranger=YES),
    case("random/pipemap in a list of patterns leaves capitals, and small letters", main(mynetworks="pipemap:{inline:{unknown=OK}, inline:{ok=OK}}"),
         stranger=NO),
    case("random/pipemap in an access list folds", relay("check_client_access pipemap:{inline:{203.0.113.9=OK}, inline:{ok=OK}}, " + GUARD), stranger=YES),
    case("random/what trivial-rewrite alone reads of main.cf", main(mynetworks="$secret$"), stranger=DEAD,
         master_cf="smtp inet n - n - - smtpd -o mynetworks=127.0.0.0/8\n"),
    case("random/myorigin of a blank", main(myorigin="$nothing $nothing"), stranger=DEAD),
    case("random/randmap", relay("check_client_access randmap:{REJECT, REJECT}, " + GUARD), stranger=NO, own=NO),
    keyed("random/a pattern that all but the own senders match, with an empty value", "check_sender_access regexp", "!/own\\.example/ \n",
          ask(YES, sender="someone@own.example", recipient="user@own.example"), own=BROKEN, stranger=BROKEN),
    keyed("a pattern that turns away all but few senders, and permits no one", "check_sender_access regexp", "!/zebra/ REJECT\n",
          ask(YES, sender="zebra@own.example", recipient="user@own.example"), ask(NO, sender="zebra@own.example"), own=NO, stranger=NO),
    case("patterns that turn away all but few senders, whom another item lets in", recipient(
        "check_sender_access regexp:$config_directory/t, check_helo_access static:OK, " + GUARD),
         ask(YES, sender="zebra@stranger.example"), files={"t": "!/zebra|lion/ REJECT\n/lion/ REJECT\n"}, stranger=NO),
    case("random/a wide network but for what a pattern takes out", main(mynetworks="!pcre:$config_directory/t, 200.0.0.0/5"),
         ask(YES, client_address="200.0.0.25"), ask(NO, client_address="203.0.113.25"), files={"t": "/^203\\.0\\./ x\n"}),
    case("a wide network, of which a pattern turns away the best known part", relay(
        "check_client_access regexp:$config_directory/t, check_client_access cidr:{{200.0.0.0/5 OK}}, " + GUARD),
         ask(YES, client_address="200.0.0.25"), ask(NO, client_address="203.0.113.25"), files={"t": "/^203\\.0\\./ REJECT\n"}, since=(3, 7)),
    case("random/the postmaster of own domains by a pattern, where no one else can be found", main(
        mydestination="regexp:$config_directory/t", local_recipient_maps="hash:$config_directory/missing"),
         ask(YES, recipient="postmaster@own.example"), files={"t": "/./ \n"}, own=BROKEN, stranger=BROKEN),
    case("random/a class of itself, with a list from a table ahead", relay(
        "check_sender_access static:defer_unauth_destination, permit_mynetworks, reject_unauth_destination, warn_if_reject mine",
        smtpd_restriction_classes="mine", mine="static:defer_unauth_destination, mine, reject_invalid_hostname"), stranger=LATER, own=BROKEN),
    case("a class of itself, with a list from a table after it", relay(
        "mine, " + GUARD, smtpd_restriction_classes="mine", mine="mine, check_sender_access static:defer_unauth_destination"), stranger=DEAD),
    case("a class of itself, with what cannot be read ahead", relay(
        "permit_mynetworks, warn_if_reject mine, " + GUARD, smtpd_restriction_classes="mine", mine="permit_mx_backup, warn_if_reject mine"), own=YES),
    case("random/a narrow network behind an exclusion of everyone", main(
        mynetworks="!static:no, 203.0.113.8/29", smtpd_recipient_restrictions="check_client_access inline:{203.0.113.9=OK}, reject_unauth_destination",
        smtpd_relay_restrictions=""), stranger=YES),
    case("random/a folder in place of a table of patterns", main(mydestination="pcre:/./, regexp:$config_directory, own.example"), stranger=NO, own=YES),
    case("two tables of patterns, past both of which few senders get", recipient(
        "check_sender_access regexp:$config_directory/t, check_sender_access pcre:$config_directory/u, check_helo_access static:OK, " + GUARD),
         ask(YES, sender="zebralion@stranger.example"), ask(NO, sender="zebra@stranger.example"),
         files={"t": "!/zebra/ REJECT\n", "u": "!/lion/ REJECT\n/^lion/ REJECT\n"}, stranger=NO),
    case("two tables of patterns, the first of which turns away all but few of those whom the second lets in", recipient(
        "check_helo_access regexp:$config_directory/t, check_helo_access pcre:$config_directory/u, " + GUARD),
         ask(YES, helo="zebralion.example"), ask(NO, helo="lion.example"),
         files={"t": "!/zebra/ REJECT\n", "u": "/^own/ OK\n/lion/ OK\n"}, stranger=NO),
    case("two tables of patterns that let no one in together", recipient(
        "check_sender_access regexp:$config_directory/t, check_sender_access pcre:$config_directory/u, " + GUARD),
         ask(NO, sender="zebra@stranger.example"), ask(NO, sender="lion@stranger.example"),
         files={"t": "!/zebra/ REJECT\n", "u": "/^lion@/ OK\n"}, stranger=NO, own=NO),
    case("senders' domains that a table names, and one that it does not, where a pattern lets it in", recipient(
        "check_sender_access inline:{example=REJECT, com=REJECT}, check_sender_access pcre:$config_directory/t, " + GUARD),
         ask(YES, sender="lion@stranger.test"), ask(NO, sender="lion@stranger.example"), files={"t": "/lion/ OK\n"}, stranger=NO),
    case("senders of all but the usual domains", recipient(
        "check_sender_access inline:{example=REJECT, com=REJECT, net=REJECT, org=REJECT, test=REJECT, <>=REJECT}, check_helo_access static:OK, " + GUARD),
         ask(YES, sender="someone@stranger.kzq7"), null=NO, stranger=NO),
    case("HELO below all but the usual domains", recipient(
        "check_helo_access inline:{example=REJECT, net=REJECT, 192.0.2.25=REJECT}, check_client_access static:OK, " + GUARD, smtpd_helo_required="yes"),
         ask(YES, helo="mail.stranger.test"), stranger=NO),
    case("recipients in all but the usual domains", relay(
        "check_recipient_access inline:{example=REJECT, com=REJECT, net=REJECT, org=REJECT, test=REJECT, invalid=REJECT}, check_helo_access static:OK, "
        + GUARD),
         ask(YES, recipient="user@elsewhere.kzq7"), stranger=NO),
    case("a host that may not, below a domain that may", recipient(
        "check_sender_access inline:{mail.net=REJECT, .net=OK}, " + GUARD, parent_domain_matches_subdomains=""),
         ask(YES, sender="somebody@kzq7.net"), ask(NO, sender="somebody@mail.net"), stranger=YES),
    case("local parts that may not, in any domain", recipient(
        "check_sender_access inline:{someone@=REJECT, <>=REJECT}, check_recipient_access inline:{somebody@=REJECT}, check_helo_access static:OK, " + GUARD),
         ask(YES, sender="kzq7@stranger.example", recipient="kzq7@elsewhere.example"), ask(NO, sender="someone@stranger.example")),
    case("random/a folder as the file of mynetworks", main(mynetworks="127.0.0.0/8, /./"), stranger=DEAD, own=DEAD),
    case("a folder as the file of mynetworks, behind an exclusion", main(mynetworks="127.0.0.0/8, !$config_directory"), stranger=DEAD, own=DEAD),
    case("a folder as the file of mydestination", main(mydestination="own.example, $config_directory"), stranger=DEAD, own=DEAD),
    case("a folder as the file of relay_domains", main(relay_domains="$config_directory"), stranger=DEAD, own=DEAD),
    case("a folder as a cidr table of clients", recipient("check_client_access cidr:$config_directory, " + GUARD), stranger=DEAD, own=DEAD),
    case("a folder as a cidr table of recipients that few get to", recipient(GUARD + ", check_recipient_access cidr:$config_directory"), stranger=DEAD),
    case("a folder as a cidr table in mynetworks", main(mynetworks="127.0.0.0/8, cidr:$config_directory"), stranger=DEAD),
    case("a folder as a cidr table of virtual users", main(virtual_alias_maps="cidr:$config_directory"), stranger=DEAD),
    case("a folder as a texthash table of clients", recipient("check_client_access texthash:$config_directory, " + GUARD), stranger=DEAD, own=DEAD),
    case("a folder as a texthash table of recipients that few get to", recipient(GUARD + ", check_recipient_access texthash:$config_directory"), stranger=DEAD),
    case("a folder as a texthash table in mynetworks", main(mynetworks="127.0.0.0/8, texthash:$config_directory"), stranger=DEAD),
    case("a folder as a texthash table of virtual users", main(virtual_alias_maps="texthash:$config_directory"), stranger=DEAD),
    case("a folder as an indexed table", recipient("check_client_access hash:$config_directory, " + GUARD), stranger=BROKEN, own=BROKEN),
    case("random/a narrow network behind a table of no known type", main(
        mynetworks="nosuch:x, 203.0.113.0/24", smtpd_recipient_restrictions="check_client_access inline:{203.0.113=OK}, reject_unauth_destination",
        smtpd_relay_restrictions=""), stranger=YES),
    case("a narrow network behind a file that is not there", main(
        mynetworks="/nosuch, 203.0.113.0/24", smtpd_recipient_restrictions="check_client_access inline:{203.0.113=OK}, reject_unauth_destination",
        smtpd_relay_restrictions=""), stranger=YES),
    case("a narrow network behind one that is none", main(
        mynetworks="10.0.0.1/8, 203.0.113.0/24", smtpd_recipient_restrictions="check_client_access inline:{203.0.113=OK}, reject_unauth_destination",
        smtpd_relay_restrictions=""), stranger=YES),
    case("a narrow network behind one that is none, of the other family", main(
        mynetworks="[2001:db8::1]/32, 203.0.113.0/24", smtpd_recipient_restrictions="permit_mynetworks, reject_unauth_destination",
        smtpd_relay_restrictions=""), stranger=YES, stranger6=BROKEN),
    case("random/HELO below a domain that has no dot itself", recipient(
        "reject_non_fqdn_hostname, check_helo_access inline:{net=OK}, " + GUARD), ask(YES, helo="mail.net"), ask(NO, helo="net")),
    case("HELO below a domain that a pattern turns away", recipient(
        "check_helo_access pcre:$config_directory/t, check_helo_access inline:{stranger.org=OK}, " + GUARD),
         ask(YES, helo="mail.stranger.org"), ask(NO, helo="stranger.org"), files={"t": "/^stranger/ REJECT\n"}),
    case("senders below a domain that a pattern turns away", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{stranger.org=OK}, " + GUARD),
         ask(YES, sender="a@mail.stranger.org"), ask(NO, sender="a@stranger.org"), files={"t": "/@stranger/ REJECT\n"}),
    case("senders below a domain that another table turns away alone", recipient(
        "check_sender_access inline:{stranger.org=REJECT}, check_sender_access inline:{org=OK}, " + GUARD, parent_domain_matches_subdomains="",
    ), ask(NO, sender="a@stranger.org"), stranger=NO),
    case("HELO below a domain of digits", recipient(
        "reject_invalid_hostname, check_helo_access inline:{2.3=OK}, " + GUARD), ask(YES, helo="mail.2.3"), ask(NO, helo="2.3")),
    case("random/a HELO that is turned away at once, ahead of what fails at MAIL FROM", main(
        smtpd_helo_restrictions="reject", smtpd_delay_reject="no", local_header_rewrite_clients="fail:x"), ask(BROKEN, helo=None), stranger=NO, own=NO),
    case("a HELO that is let in, ahead of what fails at MAIL FROM", main(
        smtpd_helo_restrictions="permit", smtpd_delay_reject="no", local_header_rewrite_clients="fail:x"), ask(BROKEN, helo=None), stranger=BROKEN),
    case("a HELO that is turned away at MAIL FROM", main(smtpd_helo_restrictions="reject", local_header_rewrite_clients="fail:x"), stranger=BROKEN),
    case("senders in a domain that is let in, if a pattern finds something in them", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{lion.org=OK}, " + GUARD),
         ask(YES, sender="zebra@lion.org"), ask(NO, sender="a@lion.org"), ask(NO, sender="zebra@a.test"), files={"t": "!/zebra/ REJECT\n"}, stranger=NO),
    case("HELO in a domain that is let in, if a pattern finds something in it", recipient(
        "check_helo_access regexp:$config_directory/t, check_helo_access inline:{lion.org=OK}, " + GUARD),
         ask(YES, helo="zebra.lion.org"), ask(NO, helo="a.lion.org"), ask(NO, helo="zebra.a.test"), files={"t": "!/zebra/ REJECT\n"}, stranger=NO),
    case("senders whose local part is let in, if a pattern finds their domain", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{boss@=OK}, " + GUARD),
         ask(YES, sender="boss@tiger.test"), ask(NO, sender="boss@a.test"), files={"t": "!/@tiger/ REJECT\n"}, stranger=NO),
    case("senders in a domain that is let in, save those whom a pattern turns away by name", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{lion.org=OK}, " + GUARD),
         ask(YES, sender="x@lion.org"), ask(NO, sender="kzq7@lion.org"), files={"t": "/^(somebody|kzq7|someone)@/ REJECT\n"}),
    case("senders whom two patterns must find, in a domain that is let in", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access pcre:$config_directory/u, check_sender_access inline:{lion.org=OK}, " + GUARD),
         ask(YES, sender="zebratiger@lion.org"), ask(NO, sender="zebra@lion.org"), files={"t": "!/zebra/ REJECT\n", "u": "!/tiger/ REJECT\n"}),
    case("senders who are let in ahead of a pattern that turns away all others", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{lion.org=OK}, check_sender_access pcre:$config_directory/u, " + GUARD),
         ask(YES, sender="zebra@lion.org"), ask(NO, sender="zebra@a.test"), files={"t": "!/zebra/ REJECT\n", "u": "/./ REJECT\n"}),
    case("senders in a domain below one that is let in, where the pattern must find its name", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{a.lion.org=REJECT, lion.org=OK}, " + GUARD),
         ask(YES, sender="a.lion.org@lion.org"), ask(NO, sender="x@a.lion.org"), files={"t": "!/a.lion.org/ REJECT\n"}),
    case("the one address of a network that is let in which a pattern spares", recipient(
        "check_client_access pcre:$config_directory/t, check_client_access inline:{203.0.113=OK}, " + GUARD),
         ask(YES, client_address="203.0.113.77"), ask(NO, client_address="203.0.113.78"), files={"t": "/^203\\.0\\.113\\.(?!77)/ REJECT\n"}),
    case("senders in a domain that is let in, and none whom the pattern spares", recipient(
        "check_sender_access pcre:$config_directory/t, check_sender_access inline:{lion.org=OK}, " + GUARD),
         ask(NO, sender="x@lion.org"), files={"t": "/@(.*\\.)?lion\\.org$/ REJECT\n"}, stranger=NO),
    case("random/a list that cannot be read in smtpd, and the subdomains that trivial-rewrite relays for", recipient(GUARD, relay_domains="$mydestination"),
         ask(YES, recipient="postmaster@mx.own.example"), master_cf="smtp inet n - n - - smtpd {-omydestination=fail:x, own.example}\n" + REWRITE,
         stranger=NO),
    case("random/senders whose domain a pattern finds by its end, where one without a dot would have one appended", recipient(
        "check_sender_access pcre:$config_directory/t, " + GUARD, append_dot_mydomain="yes"),
         ask(YES, sender="x@x.net"), ask(NO, sender="x@net"), files={"t": "/net$/ RELAY\n"}, stranger=YES),
    case("random/HELO that a pattern finds by its end, where one without a dot is refused", recipient(
        "reject_non_fqdn_helo_hostname, check_helo_access pcre:$config_directory/t, " + GUARD),
         ask(YES, helo="x.net"), ask(NO, helo="net"), files={"t": "/net$/ RELAY\n"}),
    case("random/compatibility level 0 tries mynetworks for a warning, and fails where these fail", OLD + "mynetworks = texthash:$config_directory/t\n"
         "smtpd_recipient_restrictions = " + GUARD + "\n", files={"t": "a x\na y\n"}, stranger=NO, own=BROKEN),
    case("compatibility level 0 with an empty relay list of its own tries nothing", OLD + "mynetworks = texthash:$config_directory/t\n"
         "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = " + GUARD + "\n", files={"t": "a x\na y\n"}, stranger=NO, own=YES),
    case("compatibility level 0 lets in whom the recipient list lets in", OLD + "smtpd_recipient_restrictions = check_helo_access static:OK, "
         + GUARD + "\n", stranger=YES, own=YES),
    case("compatibility level 0 does not let in whom mynetworks is broken for", OLD + "mynetworks = 10.0.0.1/8\n"
         "smtpd_recipient_restrictions = check_helo_access static:OK, " + GUARD + "\n", stranger=BROKEN, own=BROKEN),
    case("compatibility level 0 has the recipient list first", OLD + "smtpd_relay_before_recipient_restrictions = yes\nmynetworks = 10.0.0.1/8\n"
         "smtpd_recipient_restrictions = " + GUARD + "\n", stranger=NO, own=BROKEN),
    case("random/own domains that smtpd never reads, broken but for trivial-rewrite", main(
        virtual_mailbox_domains="${x", smtpd_relay_restrictions="check_client_access static:OK, " + GUARD),
         master_cf="smtp inet n - n - - smtpd\n" + REWRITE[:-1] + " -o virtual_mailbox_domains=\n", stranger=YES, own=YES),
    case("own domains in a folder, but for trivial-rewrite", main(virtual_alias_domains="cidr:/"),
         master_cf="smtp inet n - n - - smtpd\n" + REWRITE[:-1] + " -o virtual_alias_domains=\n", stranger=NO, own=YES),
    case("own domains in a folder", main(virtual_alias_domains="cidr:/"), stranger=DEAD),
    case("random/an interface of a kind that is left out", main(inet_protocols="ipv6", inet_interfaces="192.0.2.25"), stranger=DEAD, own=DEAD),
    case("one interface of two of a kind that is left out", main(inet_protocols="ipv4", inet_interfaces="127.0.0.1, [::1]"), stranger=DEAD),
    case("all interfaces, and one more", main(inet_interfaces="all, 127.0.0.1"), stranger=DEAD, own=DEAD),
    case("all interfaces, in capitals", main(inet_interfaces="ALL"), stranger=DEAD),
    case("loopback alone, and one more", main(inet_interfaces="loopback-only 192.0.2.25"), stranger=DEAD),
]
