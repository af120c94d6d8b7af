# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restriction classes, warn_if_reject, defer_if_permit and their kin (postconf(5), RESTRICTION_CLASS_README)."""

from .form import BROKEN, DEAD, LATER, NO, YES, ask, case, main, recipient, relay

GUARD = "reject_unauth_destination"
OWN_LIST = {"smtpd_recipient_restrictions": GUARD}


def classes(name, text, names, *asked, **rest):
    """A case whose relay list is text, with these classes declared; keywords that are no dialogue define them."""
    fields = {key: rest.pop(key) for key in list(rest) if key.startswith(("c_", "smtpd_"))}
    lines = dict({"smtpd_restriction_classes": names}, **{k[2:] if k.startswith("c_") else k: v for k, v in fields.items()})
    return case("class/" + name, relay(text, **lines), *asked, **rest)


def warned(name, text, *asked, **rest):
    """A case about a relay list."""
    fields = {key: rest.pop(key) for key in list(rest) if key.startswith("smtpd_")}
    return case("warn/" + name, relay(text, **fields), *asked, **rest)


CASES = [
    classes("that permits, ahead of the guard", "mine, " + GUARD, "mine", c_mine="permit", stranger=YES, own=YES),
    classes("that permits, after another list's guard", "mine, " + GUARD, "mine", c_mine="permit", stranger=NO, own=YES,
            smtpd_recipient_restrictions=GUARD),
    classes("that permits some", "mine, " + GUARD, "mine", c_mine="permit_mynetworks", stranger=NO, local=YES, own=YES),
    classes("that permits a sender", "mine, " + GUARD, "mine", ask(YES, sender="boss@own.example"),
            c_mine="check_sender_access inline:{boss@own.example=OK}", stranger=NO),
    classes("with the guard in it", "mine", "mine", c_mine="permit_mynetworks, " + GUARD, stranger=NO, local=YES, own=YES),
    classes("permit and reject, ahead of the guard", "mine, " + GUARD, "mine", c_mine="permit, reject", stranger=YES),
    classes("permit and reject, nothing after it", "mine", "mine", c_mine="permit, reject", stranger=DEAD),
    classes("reject after the permit of another", "mine, reject, " + GUARD, "mine", c_mine="permit", stranger=YES, own=YES),
    classes("within a class", "outer, " + GUARD, "outer, inner", c_outer="inner", c_inner="permit_mynetworks, permit, reject", stranger=YES),
    classes("within a class that guards", "outer", "outer inner", c_outer="permit_mynetworks, inner", c_inner=GUARD, stranger=NO, local=YES),
    classes("not declared", "mine, " + GUARD, "", c_mine="permit", stranger=BROKEN, own=BROKEN),
    classes("declared, not defined", "mine, " + GUARD, "mine", stranger=DEAD),
    classes("declared, not defined, not used", GUARD, "mine", stranger=DEAD),
    classes("declared, empty", "mine, " + GUARD, "mine", c_mine="", stranger=DEAD),
    classes("in another case", "Mine, " + GUARD, "mine", c_mine="permit, reject", stranger=BROKEN),
    classes("called like a restriction", "reject_unauth_destination", "reject_unauth_destination", c_reject_unauth_destination="permit",
            stranger=NO, own=YES),
    classes("called permit", "permit_mynetworks, " + GUARD, "permit_mynetworks", c_permit_mynetworks="permit, reject", stranger=NO,
            local=YES),
    classes("defined by a macro", "mine, " + GUARD, "mine", c_mine="$other", c_other="permit, reject", stranger=YES),
    classes("declared by a macro", "mine, " + GUARD, "$list", c_list="mine", c_mine="permit, reject", stranger=YES),
    classes("of itself", "mine, " + GUARD, "mine", c_mine="permit_mynetworks, mine", local=DEAD, stranger=DEAD),
    classes("from a table", "check_client_access inline:{203.0.113.9=mine}, " + GUARD, "mine", c_mine="permit",
            stranger=YES, own=YES),
    classes("from a table, with a table", "check_client_access inline:{203.0.113.9=mine}, " + GUARD, "mine",
            ask(YES, sender="boss@own.example"), c_mine="check_sender_access inline:{boss@own.example=OK}", stranger=NO),
    classes("of a table's bare name", "mine, " + GUARD, "mine", c_mine="static:OK", stranger=YES),
    classes("predefined", "reject_sender_login_mismatch, " + GUARD, "", stranger=NO, own=YES),
    classes("in the sender list", GUARD, "mine", smtpd_sender_restrictions="mine", c_mine="permit", stranger=NO, own=YES),
    classes("that rejects one's own users", GUARD, "mine", smtpd_sender_restrictions="mine", c_mine="reject", stranger=NO, own=NO),

    classes("after warn_if_reject, with the guard", "warn_if_reject mine", "mine", c_mine="permit_mynetworks, " + GUARD, stranger=DEAD),
    classes("with a warned guard", "mine", "mine", c_mine="permit_mynetworks, warn_if_reject " + GUARD, stranger=DEAD),
    classes("after warn_if_reject", "warn_if_reject mine, " + GUARD, "mine", c_mine="reject", stranger=NO, own=YES),
    classes("that ends in warn_if_reject", "mine, reject_unauth_destination", "mine", c_mine="permit_mynetworks, warn_if_reject",
            stranger=NO, local=YES, own=YES),

    warned("of the guard", "permit_mynetworks, warn_if_reject reject_unauth_destination", stranger=DEAD),
    warned("of the guard, twice", "permit_mynetworks, warn_if_reject warn_if_reject reject_unauth_destination", stranger=YES, own=YES),
    warned("of one guard of two", "permit_mynetworks, warn_if_reject reject_unauth_destination, reject_unauth_destination", stranger=NO,
           own=YES, local=YES),
    warned("of one list's guard", "permit_mynetworks, warn_if_reject reject_unauth_destination", stranger=NO, local=NO, own=YES,
           smtpd_recipient_restrictions=GUARD),
    warned("of a permit", "warn_if_reject permit_mynetworks, " + GUARD, stranger=NO, local=YES),
    warned("of a table that permits", "warn_if_reject check_sender_access static:OK, " + GUARD, stranger=YES),
    warned("of a table that rejects", "warn_if_reject check_sender_access static:REJECT, " + GUARD, stranger=NO, own=YES),
    warned("of a deferring guard", "permit_mynetworks, warn_if_reject defer_unauth_destination, reject", stranger=NO, own=NO),
    warned("at the end of the list", "permit_mynetworks, reject_unauth_destination, warn_if_reject", stranger=NO, local=YES, own=YES),
    warned("of a missing table", "warn_if_reject check_sender_access hash:$config_directory/missing, " + GUARD, stranger=NO, own=YES),
    warned("of an unknown name", "warn_if_reject nonsense, " + GUARD, stranger=BROKEN, own=BROKEN),
    warned("in capitals", "permit_mynetworks, WARN_IF_REJECT reject_unauth_destination", stranger=DEAD),
    warned("of defer_if_permit", "permit_mynetworks, warn_if_reject defer_if_permit, permit", stranger=DEAD),
    warned("of defer_if_permit, guarded elsewhere", "permit_mynetworks, warn_if_reject defer_if_permit", own=YES, stranger=NO,
           smtpd_recipient_restrictions=GUARD),

    case("defer/defer_if_permit alone", relay("permit_mynetworks, defer_if_permit"), stranger=LATER, local=YES, own=LATER),
    case("defer/defer_if_permit, then permit", relay("defer_if_permit, permit"), stranger=LATER, local=LATER, own=LATER),
    case("defer/defer_if_permit, then the guard", relay("defer_if_permit, " + GUARD), stranger=NO, own=LATER),
    case("defer/defer_if_permit in another list", main(smtpd_client_restrictions="defer_if_permit"), stranger=NO, own=LATER, local=LATER),
    case("defer/defer_if_reject alone", relay("defer_if_reject, " + GUARD), stranger=LATER, own=YES),
    case("defer/defer_if_reject is no guard", relay("permit_mynetworks, defer_if_reject"), stranger=DEAD),
    case("defer/defer_if_reject in an earlier list", main(smtpd_client_restrictions="defer_if_reject"), stranger=NO, own=YES),
    case("defer/both", relay("defer_if_permit, defer_if_reject, " + GUARD), stranger=LATER, own=LATER),
    case("defer/permit ends the list, the deferral stays", relay("check_sender_access static:defer_if_permit, permit_mynetworks, " + GUARD),
         local=LATER, stranger=NO),
    case("defer/soft_bounce", main(soft_bounce="yes"), stranger=LATER, own=YES),
    case("defer/reject_unknown_sender_domain, no such domain", main(smtpd_sender_restrictions="reject_unknown_sender_domain"),
         ask(LATER, sender="x@nowhere.invalid", recipient="u@own.example"), own=YES, isolated=True),
    case("defer/reject_unknown_sender_domain, DNS fails", main(smtpd_sender_restrictions="reject_unknown_sender_domain"),
         ask(LATER, sender="x@broken.example", recipient="u@own.example"), ask(NO, sender="x@broken.example"), isolated=True),
    case("defer/reject_unknown_sender_domain ahead of the permit", recipient(
        "reject_unknown_sender_domain, permit_mynetworks, " + GUARD), stranger=NO, local=YES, own=YES, isolated=True),
    case("defer/reject_unverified_recipient", recipient("reject_unverified_recipient, permit_mynetworks, " + GUARD), stranger=NO, local=YES,
         own=YES),
    case("defer/reject_unauth_destination in a table", relay("check_client_access static:reject_unauth_destination, permit, reject"),
         stranger=DEAD),
]
