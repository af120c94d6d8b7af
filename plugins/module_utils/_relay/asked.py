# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables that a listener asks, and what their answers are to a stranger."""

from collections import OrderedDict

from .._postfix.catalogue import SHORTHAND
from .._postfix.evaluate import ALL
from .._postfix.replies import Reject, table_result
from .._postfix.table_cidr import CidrTable
from .._postfix.tables import Opaque, TableError
from .as_patterns import MOST, rules


def specs(listener, effects):
    """Return the table specs that items with one of *effects* ask, classes included."""
    lists = [listener.lists[name] for name in listener.order]
    lists += [listener.class_of(name, shorthand) for name in listener.classes for shorthand in sorted(set(SHORTHAND.values()))]
    found = []
    for items in lists:
        for item in items:
            if item.effect in effects and item.argument not in found:
                found.append(item.argument)
    return found


def tables_of(listener, effects):
    """Return the tables that items with one of *effects* ask. Each can be opened: it was when the listener was made (check_lists)."""
    return [listener.tables.open(spec) for spec in specs(listener, effects)]


def answer(table, key):
    """Return the value of *key*, None where there is none; what goes wrong as text, since one fault is like another."""
    try:
        return table.get(key)
    except (TableError, Opaque) as exc:
        return str(exc)


def turns_away(value):
    """Tell whether a value of an access table refuses a stranger, whatever else is configured."""
    return "${" not in value and isinstance(table_result(value, ALL, lambda parameter: 550), Reject)


def passing_all(listener, tables, forms, style):
    """Return texts that get past all of several tables of which at least one has patterns, where one of each table need not.

    :param str style: what the tables are asked about, see as_patterns.py
    """
    tables = [table for table in tables if not isinstance(table, CidrTable) and (getattr(table, "rules", None) or table.keys())]
    if len(tables) < 2 or all(table.keys() for table in tables):
        return []
    from .._postfix.rule_texts import passing  # as tables.py does
    from .._postfix.table_regexps import PatternTable
    found = []
    for table in tables:
        pairs = [(key, str(answer(table, key))) for key in table.keys()[:MOST]]
        found.append(PatternTable("pcre", table.name, rules(pairs, style, listener.access_parents)) if pairs else table)
    return passing(found, forms, turns_away)


def unique(values):
    """Return *values*, hashable ones, each where it comes first."""
    return list(OrderedDict.fromkeys(values))
