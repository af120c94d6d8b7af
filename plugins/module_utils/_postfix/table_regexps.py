# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""regexp_table(5) and pcre_table(5): rules in order, the first that matches answers (dict_regexp.c, dict_pcre.c)."""

import string

from .errors import Opaque
from .pattern_forms import NAME_FORMS
from .pattern_rules import ENDIF, IF, MATCH, Rule, SkippedRule, parse_value, split_pattern
from .rule_texts import NOWHERE, texts_for
from .text import BLANKS, decode, encode, logical_lines

_ALNUM = frozenset(string.ascii_letters + string.digits)


class PatternTable(object):
    """A regexp or pcre table. Keys are never cut or folded (DICT_FLAG_PATTERN); a rule that Postfix skips is not there.

    :param callable confirm: [key, ...] -> {key: value} as the host's own postmap(1) answers, or None
    """

    fixed = False
    stale = False

    def __init__(self, kind, name, lines, confirm=None):
        self.kind = kind
        self.name = name
        self.rules = []
        self.confirm = confirm
        self._open = []
        self._texts = {}  # type: dict[tuple, list]
        for logical in logical_lines(lines):
            text = logical.text.strip(BLANKS)
            try:
                self._add(text)
            except SkippedRule:
                continue

    def _add(self, text):
        if text[:1] not in _ALNUM:
            self.rules.append(self._match(text))
        elif text[:2].lower() == IF and text[2:3] not in _ALNUM:
            test, dummy = split_pattern(self.kind, text[2:])
            test.compile(self.kind)
            self._open.append(Rule(IF, (test,)))
            self.rules.append(self._open[-1])
        elif text[:5].lower() == ENDIF and text[5:6] not in _ALNUM and self._open:
            self._open.pop().endif = len(self.rules)
            self.rules.append(Rule(ENDIF))

    def _match(self, text):
        first, rest = split_pattern(self.kind, text)
        tests = [first]
        if rest.startswith("!") and self.kind == "regexp":
            second, rest = split_pattern(self.kind, rest)
            tests.append(second)
        value = parse_value(rest.strip(BLANKS))
        wanted = max([one for one in value if isinstance(one, int)] or [0])
        if wanted and first.negated:
            raise SkippedRule("$number found in negative match replacement text")
        for test in tests:
            test.compile(self.kind)
        if first.pattern is not None and wanted > first.pattern.groups:
            raise SkippedRule("out of range replacement index")
        return Rule(MATCH, tuple(tests), value, tuple(self._open))

    def get(self, key):
        """Return the value of the first rule that *key* reaches, or None. :raises Opaque: where that cannot be told"""
        index, found = self.reach(key)
        return None if index is None else self._value(self.rules[index], found)

    def reach(self, key):
        """Return (index of the rule that answers, its match), or (None, None). :raises Opaque:"""
        data, index = encode(key), 0
        while index < len(self.rules):
            rule = self.rules[index]
            if rule.op != ENDIF:
                try:
                    found = rule.find(data)
                except Opaque as exc:
                    raise Opaque("{0}: {1}".format(self.name, exc))
                if found and rule.op == MATCH:
                    return index, found
                if not found and rule.op == IF:
                    if rule.endif is None:
                        break
                    index = rule.endif
            index += 1
        return None, None

    def _value(self, rule, found):
        parts = []
        for one in rule.value:
            if isinstance(one, int):
                if not rule.tests[0].pattern.greedy:
                    raise Opaque("{0}: pattern {1}: what ${2} holds".format(self.name, rule.name, one))
                one = decode(rule.tests[0].pattern.group(found, one))
            parts.append(one)
        return "".join(parts)

    def keys(self):
        """Return single keys: none, the rules are patterns."""
        return []

    def networks(self):
        """Return the Networks that the rules tell apart: none that could be read off patterns."""
        return []

    def samples(self, forms=NAME_FORMS, harmless=None):
        """Return texts: one for each rule that a text of one of *forms* can reach, and one that no rule answers.

        :param tuple forms: pcre patterns of what can be said where the table is asked, the likely first
        :param callable harmless: tells of a value that its rule need not be reached
        """
        return [text for dummy, text in self._found(forms, harmless) if text is not None]

    def unreached(self, forms=NAME_FORMS, harmless=None):
        """Return [(value, pattern), ...] of the rules that might be reached, but by no text that could be built."""
        return [("", "that matches none of them") if index == NOWHERE else (self.rules[index].text, self.rules[index].name)
                for index, text in self._found(forms, harmless) if text is None]

    def _found(self, forms, harmless):
        if (forms, harmless) not in self._texts:
            self._texts[forms, harmless] = texts_for(self, forms, harmless)
        return self._texts[forms, harmless]
