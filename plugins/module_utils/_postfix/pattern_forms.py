# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said where a table is asked, as pcre patterns that a sample must match; the likely first."""

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_LABELS = _LABEL + r"(\." + _LABEL + ")*"
# One dot at least: without it a name is not fully qualified, and to that of an address something may be appended (append_dot_mydomain).
_DOTTED = _LABEL + r"(\." + _LABEL + ")+"
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
NAME_FORMS = (r"^" + _DOTTED + r"\z", r"^" + _LABELS + r"\z", r"^[!-~]+\z")
MAIL_FORMS = (r"^" + _LOCAL + "@" + _DOTTED + r"\z", r"^" + _LOCAL + "@" + _LABELS + r"\z",
              r"^[ -!#-;=?-~]+@[!-;=?-~]+\z", r"^([ -!#-;=?-~]|\xc3[\x80-\xbf])+@([!-;=?-~]|\xc3[\x80-\xbf])+\z")
ADDRESS_FORMS = (r"^(" + _OCTET + r"\.){3}" + _OCTET + r"\z",)


def mail_forms(*domains):
    """Return forms for addresses in *domains*, each a pcre pattern of a domain."""
    return tuple("^" + _LOCAL + "@" + domain + r"\z" for domain in domains)


def name_forms(*domains):
    """Return forms for host names in *domains*, each a pcre pattern of a domain."""
    return tuple(r"^(" + _LABELS + r"\.)?" + domain + r"\z" for domain in domains)
