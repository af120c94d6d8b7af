# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logical lines, names and values of main.cf (postconf(5), src/util/dict.c, src/util/readlline.c)."""

from .form import BROKEN, DEAD, LATER, NO, YES, case, main

GUARD = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
WIDE = "mynetworks = 0.0.0.0/0\n"
LOCAL = "mynetworks = 127.0.0.0/8\n"
HEAD = "compatibility_level = 3.6\nmydestination = own.example\nlocal_recipient_maps =\nalias_maps =\n"
PLAIN = HEAD + GUARD
LIST = HEAD + LOCAL + "smtpd_relay_restrictions = "

CASES = [
    case("text/plain", PLAIN + LOCAL, stranger=NO, local=YES, own=YES),
    case("text/duplicate, last is wide", PLAIN + LOCAL + WIDE, stranger=YES),
    case("text/duplicate, last is narrow", PLAIN + WIDE + LOCAL, stranger=NO),
    case("text/duplicate, last is empty", PLAIN + WIDE + "mynetworks =\n", stranger=NO, local=NO),
    case("text/names know case", PLAIN + LOCAL + "MyNetworks = 0.0.0.0/0\n", stranger=NO),
    case("text/no blanks around the sign", PLAIN + "mynetworks=0.0.0.0/0\n", stranger=YES),
    case("text/tab before the sign", PLAIN + "mynetworks\t=\t0.0.0.0/0\n", stranger=YES),
    case("text/continued", PLAIN + "mynetworks = 127.0.0.0/8\n 0.0.0.0/0\n", stranger=YES),
    case("text/continued by a tab", PLAIN + "mynetworks = 127.0.0.0/8\n\t0.0.0.0/0\n", stranger=YES),
    case("text/value on the next line", PLAIN + "mynetworks =\n 0.0.0.0/0\n", stranger=YES),
    case("text/not continued without a blank", PLAIN + "mynetworks = 127.0.0.0/8\n0.0.0.0/0\n", stranger=DEAD),
    case("text/comment between continued lines", PLAIN + "mynetworks = 127.0.0.0/8\n# x\n 0.0.0.0/0\n", stranger=YES),
    case("text/indented comment between them", PLAIN + "mynetworks = 127.0.0.0/8\n  # x\n 0.0.0.0/0\n", stranger=YES),
    case("text/a setting in a comment between them", PLAIN + "mynetworks = 127.0.0.0/8\n#y = z\n 0.0.0.0/0\n", stranger=YES),
    case("text/blank line between them", PLAIN + "mynetworks = 127.0.0.0/8\n\n 0.0.0.0/0\n", stranger=YES),
    case("text/line of blanks between them", PLAIN + "mynetworks = 127.0.0.0/8\n   \n 0.0.0.0/0\n", stranger=YES),
    case("text/first line is indented", " mynetworks = 0.0.0.0/0\n" + PLAIN + LOCAL, stranger=NO),
    case("text/after a comment a line still continues", PLAIN + LOCAL + "# mynetworks =\n  0.0.0.0/0\n", stranger=YES),
    case("text/commented out", PLAIN + LOCAL + "#mynetworks = 0.0.0.0/0\n", stranger=NO),
    case("text/CRLF", (PLAIN + WIDE).replace("\n", "\r\n"), stranger=YES),
    case("text/CRLF, guarded", (PLAIN + LOCAL).replace("\n", "\r\n"), stranger=NO, local=YES),
    case("text/CRLF on an empty line between continued ones", PLAIN + "mynetworks = 127.0.0.0/8\n\r\n 0.0.0.0/0\n", stranger=YES),
    case("text/no final newline", PLAIN + "mynetworks = 0.0.0.0/0", stranger=YES),
    case("text/Latin-1 in a comment", PLAIN.encode() + b"# caf\xe9\n" + WIDE.encode(), stranger=YES),
    case("text/Latin-1 in a value", PLAIN.encode() + b"mail_name = caf\xe9\n" + WIDE.encode(), stranger=YES),
    case("text/NUL ends what is read of a line", PLAIN.encode() + b"mynetworks = 127.0.0.0/8\0, 0.0.0.0/0\n", stranger=NO, local=YES),
    case("text/byte order mark", b"\xef\xbb\xbf" + (PLAIN + LOCAL).encode(), stranger=NO, local=YES),
    case("text/byte order mark before a comment", b"\xef\xbb\xbf# x\n" + (PLAIN + LOCAL).encode(), stranger=DEAD),
    case("text/byte order mark before a guard", b"\xef\xbb\xbf" + (GUARD + HEAD + WIDE).encode(), stranger=YES),
    case("text/no sign", PLAIN + LOCAL + "mynetworks\n", stranger=DEAD),
    case("text/no name", PLAIN + LOCAL + "= 127.0.0.0/8\n", stranger=DEAD),
    case("text/blank in the name", PLAIN + LOCAL + "my networks = 127.0.0.0/8\n", stranger=DEAD),
    case("text/unknown name", PLAIN + LOCAL + "no_such_parameter = 0.0.0.0/0\n", stranger=NO, local=YES),
    case("text/trailing backslash is a word", LIST + "permit_mynetworks, reject_unauth_destination \\\n", stranger=NO, local=YES),
    case("text/backslash ahead of the guard", LIST + "permit_mynetworks, \\\n reject_unauth_destination\n",
         stranger=BROKEN, local=YES),
    case("text/quotes are part of the word", LIST + '"permit_mynetworks", reject_unauth_destination\n', stranger=BROKEN, local=BROKEN),
    case("text/comment after a list of restrictions", LIST + "permit_mynetworks, reject_unauth_destination # permit\n",
         stranger=NO, local=YES),
    case("text/comment ahead of the guard", LIST + "permit_mynetworks # ours\n reject_unauth_destination\n",
         stranger=BROKEN, local=YES),
    case("text/vertical tab separates nothing", LIST + "permit_mynetworks\vreject_unauth_destination\n", stranger=DEAD),
    case("text/form feed separates nothing", LIST + "permit_mynetworks,\fpermit, reject_unauth_destination\n", stranger=BROKEN, local=YES),
    case("text/line that starts with a vertical tab continues", PLAIN + "mynetworks = 127.0.0.0/8,\n\v0.0.0.0/0\n", stranger=NO),
    case("text/commas alone", LIST + ",,permit_mynetworks,,reject_unauth_destination,\n", stranger=NO, local=YES),
    case("text/carriage return separates", LIST + "permit_mynetworks\rreject_unauth_destination\n", stranger=NO, local=YES),
    case("text/a long value", PLAIN + "mynetworks =" + " 192.0.2.1" * 20000 + " 0.0.0.0/0\n", stranger=YES),
    case("text/bad boolean", main(smtpd_delay_reject="perhaps"), stranger=DEAD),
    case("text/empty boolean", main(smtpd_delay_reject=""), stranger=DEAD),
    case("text/boolean in capitals", main(smtpd_delay_reject="YES"), stranger=NO, local=YES),
    case("text/boolean as a number", main(smtpd_delay_reject="1"), stranger=DEAD),
    case("text/boolean true", main(smtpd_delay_reject="true"), stranger=DEAD),
    case("text/boolean with a comment", main(smtpd_delay_reject="yes # always"), stranger=DEAD),
    case("text/bad boolean that smtpd does not read", main(biff="perhaps"), stranger=NO, local=YES),
    case("text/bad boolean that every daemon reads", main(owner_request_special="perhaps"), stranger=DEAD),
    case("text/bad number", main(message_size_limit="many"), stranger=DEAD),
    case("text/bad reply code", main(reject_code="5.7.1"), stranger=DEAD),
    case("text/number out of range", main(smtpd_history_flush_threshold="0"), stranger=DEAD),
    case("text/bad time", main(smtpd_starttls_timeout="5 minutes"), stranger=DEAD),
    case("text/good time", main(smtpd_starttls_timeout="5m"), stranger=NO, local=YES),
    case("text/bad host name", main(myhostname="-bad-.example"), stranger=DEAD),
    case("text/host name with a comment", main(myhostname="mx.own.example # ours"), stranger=DEAD),
    case("text/reject code of one's own", main(relay_domains_reject_code="450"), stranger=LATER, local=YES),
    case("text/reject code that would accept", main(relay_domains_reject_code="250"), stranger=BROKEN),
]
