# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of master.cf: listeners, overrides in all their forms, the rewrite service."""

from hypothesis import strategies as st

from .choices import once_in, some, words
from .lists import RELAY
from .settings import BOOLEAN, NETWORKS, OWN
from .tables import TABLES

COMMON = "cleanup unix n - n - 0 cleanup\n"
REWRITE = "rewrite unix - - n - - trivial-rewrite"
LISTENERS = words("9* submission inet n - n - - smtpd", "3* 587 inet n - n - - smtpd", "2* smtpd pass - - n - - smtpd", "127.0.0.1:10025 inet n - n - - smtpd",
                  "#submission inet n - n - - smtpd", "smtps\tinet\tn\t-\tn\t-\t-\tsmtpd", "2525 inet n - y - - smtpd",
                  "2* 192.0.2.25:smtp inet n - n - - smtpd", "bad inet n - n smtpd")
FORMS = words("4*  -o %s=%s", "2* \n  -o %s=%s", "2*  -o { %s = %s }", " -o%s=%s", " -o {%s=%s}", "\n# -o x=y\n  -o { %s = %s }", "\n#  -o %s=%s",
              " {-o%s=%s}", " -o{%s=%s}", " {-o %s=%s}", " -do %s=%s", " -o %s=%s -o biff=no", "2*  -o %s=%s", " -o %s = %s")
OF_SMTPD = {"mynetworks": NETWORKS, "smtpd_relay_restrictions": RELAY, "smtpd_recipient_restrictions": RELAY, "smtpd_delay_reject": BOOLEAN,
            "allow_untrusted_routing": BOOLEAN, "smtpd_client_restrictions": words("permit_mynetworks,reject", "", "permit"), "relay_domains": OWN,
            "smtpd_sasl_auth_enable": BOOLEAN, "mydestination": OWN, "smtpd_restriction_classes": words("mine", "mine,other",
            ""), "mine": words("permit", "reject"),
            "parent_domain_matches_subdomains": words("", "mynetworks"), "compatibility_level": words("0", "3.6"), "secret": words("permit", "0.0.0.0/0"),
            "smtpd_sender_restrictions": words("", "reject", "reject_unauth_destination"), "smtpd_helo_required": BOOLEAN}
OF_REWRITE = {"relay_domains": OWN, "mydestination": OWN, "virtual_mailbox_domains": OWN, "virtual_alias_domains": OWN, "swap_bangpath": BOOLEAN,
              "allow_percent_hack": BOOLEAN, "parent_domain_matches_subdomains": words("", "relay_domains"), "mynetworks": NETWORKS,
              "resolve_dequoted_address": BOOLEAN, "virtual_alias_maps": TABLES}


def _override(values):
    @st.composite
    def one(draw):
        name, form = draw(st.sampled_from(sorted(values))), draw(FORMS)
        value = draw(values[name])
        if "{" not in form and not once_in(draw, 30):
            # Blanks would make stray words, of which smtpd dies.
            value = ",".join(value.replace(",", " ").split()) if "{" not in value else "reject"
        return form.replace("%s", name, 1).replace("%s", value, 1)
    return some(one(), 2)


OVERRIDES, REWRITE_OVERRIDES = _override(OF_SMTPD), _override(OF_REWRITE)


@st.composite
def _master(draw):
    kind = draw(words("14* plain", "5* override", "3* second", "3* rewrite", "none"))
    if kind == "none":
        return None
    smtp = "smtp inet n - n - - smtpd" + ("".join(draw(OVERRIDES)) if kind == "override" else "")
    second = draw(LISTENERS) + "".join(draw(OVERRIDES)) + "\n" if kind == "second" else ""
    rewrite = REWRITE + ("".join(draw(REWRITE_OVERRIDES)) if kind == "rewrite" else "")
    return "%s\n%s%s\n%s" % (smtp, second, rewrite, COMMON)


MASTER = _master()

