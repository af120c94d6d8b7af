# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recipients whose mail goes to the error or retry transport, and those that have moved (src/trivial-rewrite/resolve.c, transport.c)."""

from .form import BROKEN, LATER, NO, YES, ask, case, main

OTHER = {"recipient": "other@own.example"}
EXTENDED = {"recipient": "user+box@own.example"}
SUB = {"recipient": "user@sub.own.example"}


def goes(name, *asked, **rest):
    """A case with these parameters; what is no dialogue is one."""
    kept = {key: rest.pop(key) for key in list(rest) if key in ("local", "own", "stranger", "null", "files")}
    return case("transport/" + name, main(**rest), *asked, **kept)


CASES = [
    goes("error for one address", ask(YES, **OTHER), transport_maps="inline:{user@own.example=error:gone}", own=NO),
    goes("error in capitals is a transport like others", transport_maps="inline:{own.example=ERROR:gone}", own=YES),
    goes("error without a reason", transport_maps="inline:{own.example=error}", own=NO),
    goes("retry", transport_maps="inline:{own.example=retry:later}", own=LATER),
    goes("error for all", transport_maps="inline:{*=error:gone}", own=NO, local=NO, stranger=NO),
    goes("error for all but one", ask(NO, **OTHER), transport_maps="inline:{*=error:gone, user@own.example=smtp:}", own=YES),
    goes("nothing named stays what it was", transport_maps="inline:{own.example=:}", own=YES),
    goes("nothing named stays an error", ask(NO, client_address="127.0.0.1"), transport_maps="inline:{elsewhere.example=:}", default_transport="error:no"),
    goes("a blank ahead of the next hop is a part of the name", transport_maps="inline:{{own.example = error :x}}", own=YES),
    goes("a domain's children have their own", ask(YES, **SUB), transport_maps="inline:{own.example=error:x}", relay_domains="own.example", own=NO),
    goes("a domain's children", ask(NO, **SUB), transport_maps="inline:{own.example=error:x}", relay_domains="own.example", mydestination="",
         parent_domain_matches_subdomains="transport_maps, relay_domains", own=NO),
    goes("a domain's children while only dots match", ask(YES, **SUB), transport_maps="inline:{own.example=error:x}", mydestination="sub.own.example",
         parent_domain_matches_subdomains=""),
    goes("a dot and the domain's children while only dots match", ask(NO, **SUB), transport_maps="inline:{.own.example=error:x}",
         mydestination="sub.own.example", parent_domain_matches_subdomains=""),
    goes("an address with an extension", ask(NO, **EXTENDED), transport_maps="inline:{user@own.example=error:x}", recipient_delimiter="+"),
    goes("an address with what is no extension", ask(YES, **EXTENDED), transport_maps="inline:{user@own.example=error:x}"),
    goes("an extension of its own", ask(NO, **EXTENDED), transport_maps="inline:{user+box@own.example=error:x}", recipient_delimiter="+", own=YES),
    goes("local part alone is no key", transport_maps="inline:{user=error:x}", own=YES),
    goes("a table that fails", transport_maps="fail:x", own=BROKEN, stranger=BROKEN),
    goes("local transport", local_transport="error:x", own=NO, local=YES),
    goes("local transport, and another by the table", local_transport="error:x", transport_maps="inline:{own.example=smtp:}", own=YES),
    goes("relay transport", relay_transport="error:x", relay_domains="own.example", mydestination="", own=NO, local=YES),
    goes("virtual transport", virtual_transport="error:x", virtual_mailbox_domains="own.example", mydestination="", own=NO, local=YES),
    goes("virtual transport of no one's domain", virtual_transport="error:x", own=YES),
    goes("default transport by the sender", default_transport="error:x", local_transport="error:y",
         sender_dependent_default_transport_maps="static:smtp:", local=YES, own=NO, stranger=NO),
    goes("by the sender, a table that fails", sender_dependent_default_transport_maps="fail:x", own=YES, stranger=BROKEN, local=BROKEN,
         smtpd_relay_restrictions="permit_mynetworks, defer_unauth_destination"),
    goes("a relay host by the sender, a table that fails", sender_dependent_relayhost_maps="fail:x", own=YES, stranger=BROKEN, local=BROKEN),
    goes("a relay host by the sender, a table that fails, for a domain that is relayed", sender_dependent_relayhost_maps="fail:x",
         relay_domains="own.example", mydestination="", own=BROKEN),
    goes("a transport by the sender, a table that fails, for a domain that is relayed", sender_dependent_default_transport_maps="fail:x",
         relay_domains="own.example", mydestination="", own=YES),
    goes("a relay host by the sender, a table that fails behind one that has all", sender_dependent_relayhost_maps="static:x, fail:x", own=YES, stranger=NO,
         local=YES),
    goes("a star is asked of patterns too", transport_maps="regexp:$config_directory/t", own=NO, stranger=NO, files={"t": "/^\\*$/ error:x\n"}),
    goes("a pattern", transport_maps="regexp:$config_directory/t", own=NO, stranger=NO, files={"t": "/^user@own/ error:x\n"}),
    goes("moved", ask(YES, **OTHER), relocated_maps="inline:{{user@own.example = new@own.example}}", own=NO),
    goes("moved, by local part", relocated_maps="inline:{user=new}", own=NO),
    goes("moved, by domain", relocated_maps="inline:{@own.example=new}", own=NO, local=YES),
    goes("moved, a foreign local part", ask(YES, client_address="127.0.0.1"), relocated_maps="inline:{user=new}"),
    goes("moved, a table that fails", relocated_maps="fail:x", own=BROKEN),
    goes("a domain of aliases without the alias", virtual_alias_domains="own.example", mydestination="", own=NO),
    goes("a domain of aliases with the alias", virtual_alias_domains="own.example", mydestination="",
         virtual_alias_maps="inline:{user@own.example=a@b.example}", own=YES),
]
