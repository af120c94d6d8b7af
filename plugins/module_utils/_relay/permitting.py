# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an access table permits anyone, whoever that is."""

from .._postfix.evaluate import ALL
from .._postfix.replies import PERMIT, Nested, table_result
from .._postfix.table_cidr import CidrTable
from .._postfix.tables import FixedTable, Opaque, RandomTable, TableError
from .failing import ANY_KEY


def may_permit(tables, spec):
    """Tell whether the table *spec* has a value that permits, or may have: one that cannot be read may; one that is missing does not."""
    table = tables.open(spec)
    try:
        return any(_permits(value) for value in _values(table))
    except TableError:
        return False
    except Opaque:
        return True


def _values(table):
    """Return all values of a table, None among them. :raises TableError, Opaque: where it cannot be asked"""
    if isinstance(table, RandomTable):
        return table.values
    if isinstance(table, FixedTable):
        return [table.get(key) for key in [ANY_KEY] + table.keys()]
    return [rule.value if isinstance(table, CidrTable) else rule.text for rule in table.rules]


def _permits(value):
    result = table_result(value, ALL, lambda parameter: 550) if value else None
    return result is PERMIT or isinstance(result, Nested)
