# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Macros (postconf(5), src/util/mac_expand.c, src/util/mac_parse.c)."""

from .form import DEAD, LATER, NO, YES, ask, case, main


def nets(value, *more, **named):
    """A case's main.cf with mynetworks = value and parameters of its own in front."""
    lines = "".join(line + "\n" for line in more)
    return lines + main(mynetworks=value, **named)


CASES = [
    case("macro/$name", nets("$e", "e = 0.0.0.0/0"), stranger=YES),
    case("macro/${name}", nets("${e}", "e = 0.0.0.0/0"), stranger=YES),
    case("macro/$(name)", nets("$(e)", "e = 0.0.0.0/0"), stranger=YES),
    case("macro/name is greedy", nets("$ex", "e = 0.0.0.0/0"), stranger=NO),
    case("macro/name ends at a dot", nets("$e.0.0/0", "e = 0.0"), stranger=YES),
    case("macro/name ends at a slash", nets("$e/0", "e = 0.0.0.0"), stranger=YES),
    case("macro/of a macro", nets("$a", "a = $b", "b = 0.0.0.0/0"), stranger=YES),
    case("macro/order does not matter", nets("$z") + "z = 0.0.0.0/0\n", stranger=YES),
    case("macro/the last definition counts", nets("$e", "e = 0.0.0.0/0") + "e = 127.0.0.0/8\n", stranger=NO),
    case("macro/undefined is empty", nets("$nothing 127.0.0.0/8"), stranger=NO, local=YES),
    case("macro/two dollars", nets("$$e, 127.0.0.0/8", "e = 0.0.0.0/0"), stranger=NO, local=YES),
    case("macro/lone dollar", nets("127.0.0.0/8 $"), stranger=DEAD),
    case("macro/lone dollar in a parameter that nobody reads", nets("127.0.0.0/8", "e = $"), stranger=NO, local=YES),
    case("macro/unclosed", nets("127.0.0.0/8 ${e"), stranger=DEAD),
    case("macro/unclosed parenthesis", nets("127.0.0.0/8 $(e"), stranger=DEAD),
    case("macro/of itself", nets("127.0.0.0/8 $mynetworks"), stranger=DEAD),
    case("macro/in a circle", nets("$a", "a = $b", "b = $a"), stranger=DEAD),
    case("macro/?, set", nets("${e?0.0.0.0/0}", "e = x"), stranger=YES),
    case("macro/?, empty", nets("${e?0.0.0.0/0}", "e ="), stranger=NO),
    case("macro/?, undefined", nets("${e?0.0.0.0/0}"), stranger=NO),
    case("macro/?, its raw value counts", nets("${n?0.0.0.0/0}", "n = $e", "e ="), stranger=YES),
    case("macro/?, raw value of an undefined macro", nets("${n?0.0.0.0/0}", "n = $nothing"), stranger=YES),
    case("macro/:, set", nets("${e:0.0.0.0/0}", "e = 127.0.0.0/8"), stranger=NO),
    case("macro/:, empty", nets("${e:0.0.0.0/0}", "e ="), stranger=YES),
    case("macro/:, undefined", nets("${e:0.0.0.0/0}"), stranger=YES),
    case("macro/? in braces", nets("${e?{0.0.0.0/0}}", "e = x"), stranger=YES),
    case("macro/: in braces", nets("${e:{0.0.0.0/0}}"), stranger=YES),
    case("macro/?:, set", nets("${e?{0.0.0.0/0}:{127.0.0.0/8}}", "e = x"), stranger=YES),
    case("macro/?:, empty", nets("${e?{0.0.0.0/0}:{127.0.0.0/8}}", "e ="), stranger=NO, local=YES),
    case("macro/?: without braces", nets("${e?0.0.0.0/0:127.0.0.0/8}", "e ="), stranger=NO, local=NO),
    case("macro/in a branch", nets("${e?{$w}}", "e = x", "w = 0.0.0.0/0"), stranger=YES),
    case("macro/a branch not taken is not evaluated", nets("${e?{$e2}}127.0.0.0/8", "e2 = $e2"), stranger=NO, local=YES),
    case("macro/parenthesised ?", nets("$(e?0.0.0.0/0)", "e = x"), stranger=YES),
    case("macro/== holds", nets("${{a} == {a}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=YES),
    case("macro/== fails", nets("${{a} == {b}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=NO),
    case("macro/!=", nets("${{a} != {b}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=YES),
    case("macro/== of macros", nets("${{$a} == {$b}?{0.0.0.0/0}:{127.0.0.0/8}}", "a = x", "b = $a"), stranger=YES),
    case("macro/numbers compare as numbers", nets("${{10} > {9}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=YES),
    case("macro/words compare as words", nets("${{b10} > {b9}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=NO),
    case("macro/<", nets("${{1} < {2}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=YES),
    case("macro/>=", nets("${{2} >= {2}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=YES),
    case("macro/<=", nets("${{3} <= {2}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=NO),
    case("macro/numbers are equal whatever their zeros", nets("${{02} == {2}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=YES),
    case("macro/condition without an else", nets("127.0.0.0/8 ${{a} == {b}?{0.0.0.0/0}}"), stranger=NO, local=YES),
    case("macro/condition without a then", nets("${{a} == {b}:{0.0.0.0/0}}"), stranger=YES),
    case("macro/unknown operator", nets("${{a} ~ {b}?{0.0.0.0/0}:{127.0.0.0/8}}"), stranger=DEAD),
    case("macro/<=level", nets("${{$compatibility_level} <=level {3.5}?{0.0.0.0/0}:{127.0.0.0/8}}"), since=(3, 6), stranger=NO),
    case("macro/>level compares parts as numbers", nets("${{3.10} >level {3.9}?{0.0.0.0/0}:{127.0.0.0/8}}"), since=(3, 6), stranger=YES),
    case("macro/> compares 3.10 as a word", nets("${{3.10} > {3.9}?{0.0.0.0/0}:{127.0.0.0/8}}"), since=(3, 6), stranger=NO),
    case("macro/<level before 3.6", nets("${{1} <level {2}?{0.0.0.0/0}:{127.0.0.0/8}}"), before=(3, 6), stranger=DEAD),
    case("macro/blanks in a branch are stripped", nets("${e?{  0.0.0.0/0  }}", "e = x"), stranger=YES),
    case("macro/text after ? may hold blanks", nets("${e?127.0.0.0/8 0.0.0.0/0}", "e = x"), stranger=YES),
    case("macro/bad character in a name", nets("127.0.0.0/8 ${e!}"), stranger=DEAD),
    case("macro/in a restriction list", main(smtpd_relay_restrictions="$mine", mine="permit_mynetworks, reject_unauth_destination"),
         stranger=NO, local=YES),
    case("macro/that empties the guard", main(smtpd_relay_restrictions="permit_mynetworks, ${e?reject_unauth_destination}",
                                              e=""), stranger=DEAD),
    case("macro/that brings a permit", main(smtpd_relay_restrictions="${e?permit,} reject_unauth_destination",
                                            smtpd_recipient_restrictions="reject_unauth_destination", e=""), stranger=NO),
    case("macro/that brings a permit ahead of the guard", main(
        smtpd_relay_restrictions="${e?permit,} reject_unauth_destination", smtpd_recipient_restrictions="defer_if_permit",
        e="x"), stranger=LATER),
    case("macro/of a default", main(mynetworks=None, mynetworks_style="host", relay_domains="$mydestination, elsewhere.example"),
         stranger=YES),
    case("macro/of a default that names one's host", main(mydestination="$myhostname"), ask(YES, recipient="u@mx.own.example"),
         stranger=NO, own=NO),
    case("macro/empty setting beats the default", main(relay_domains="", mydestination="own.example"), stranger=NO, own=YES),
]
