# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that a pattern finds and others do not: a search through the automata of all patterns in step.

An automaton here has no back references, assertions or atomic groups; for a pattern with these it finds too much, never too
little. So a text must be tried on the real pattern, but where the search ends without one there is none.
"""

from collections import Counter, deque

from .pattern_tree import ALL_BYTES, CLASSES, EMPTY, Uncompilable, holds

MATCHED = "matched"
STATE_LIMIT = 3000
STEP_LIMIT = 60000
REVISITS = 6
TEXT_LIMIT = 240  # octets; a text must fit an SMTP command line
_WORD = CLASSES["word"]
# The first byte of a class that patterns do not tell apart stands for all of it.
PREFERRED = [ord(char) for char in "xabcdefghijklmnopqrstuvwyz01234567-89._+=XABCDEFGHIJKLMNOPQRSTUVWYZ@~!#$%&'*/?^`{|}[]:;,()\\\"<> "]
ALPHABET = PREFERRED + [code for code in range(1, 256) if code not in PREFERRED and code not in (10, 13)]
_START, _END = ("start", "line_start", "line_start_inside"), ("end", "line_end", "end_or_newline")


class Automaton(object):
    """Searches for *tree*: begin() is the first state, step() the next one, ends() tells whether the text may end there."""

    def __init__(self, tree):
        self.exact = not holds(tree, ("look", "ref", "atomic")) and not _possessive(tree)
        self.edges, self.moves, self.groups = [], [], {}  # type: list[list], list, dict
        self.start, self.goal = self._new(), self._new()
        self._build(tree, self.start, self.goal)
        self.sets = set(move[0] for move in self.moves if move)
        self._memo = {}

    def _new(self):
        if len(self.edges) >= STATE_LIMIT:
            raise Uncompilable("too large")
        self.edges.append([])
        self.moves.append(None)
        return len(self.edges) - 1

    def _build(self, node, source, target):
        getattr(self, "_" + node[0])(source, target, *node[1:])

    def _set(self, source, target, codes):
        middle = self._new()
        self.edges[source].append((None, middle))
        self.moves[middle] = (codes, target)

    def _cat(self, source, target, nodes):
        for node in nodes:
            after = self._new()
            self._build(node, source, after)
            source = after
        self.edges[source].append((None, target))

    def _alt(self, source, target, nodes):
        for node in nodes:
            self._build(node, source, target)

    def _group(self, source, target, number, node):
        self.groups[number] = node
        self._build(node, source, target)

    def _atomic(self, source, target, node):
        self._build(node, source, target)

    def _look(self, source, target, dummy, dummy_too, node):
        # Leads nowhere, but the bytes that it tells apart are tried.
        self._build(node, self._new(), self._new())
        self.edges[source].append((None, target))

    def _ref(self, source, target, number, folded):
        node = self.groups.pop(number, EMPTY)
        self._build(("set", ALL_BYTES) if holds(node, ("ref",)) else node, source, target)
        self.groups[number] = node

    def _at(self, source, target, where):
        self.edges[source].append((where, target))

    def _rep(self, source, target, node, least, most, dummy):
        for dummy in range(least):
            after = self._new()
            self._build(node, source, after)
            source = after
        if most is None:
            again = self._new()
            self.edges[source].append((None, again))
            self._build(node, again, again)
            source = again
        for dummy in range((most or least) - least):
            self.edges[source].append((None, target))
            after = self._new()
            self._build(node, source, after)
            source = after
        self.edges[source].append((None, target))

    def begin(self):
        return frozenset((self.start,)), None

    def _closure(self, states, before, after):
        seen, queue = set(states), list(states)
        while queue:
            for where, target in self.edges[queue.pop()]:
                if target not in seen and (where is None or _holds_at(where, before, after)):
                    seen.add(target)
                    queue.append(target)
        return seen

    def step(self, state, code):
        if state is MATCHED:
            return state
        key = (state, code)
        if key not in self._memo:
            closed = self._closure(state[0], state[1], code)
            moves = [self.moves[one] for one in closed if self.moves[one]]
            after = frozenset([target for codes, target in moves if code in codes] + [self.start])
            self._memo[key] = MATCHED if self.goal in closed else (after, code in _WORD)
        return self._memo[key]

    def ends(self, state):
        return state is MATCHED or self.goal in self._closure(state[0], state[1], None)


def _possessive(node):
    if node[0] == "rep":
        return node[4] == "+" or _possessive(node[1])
    inner = node[1] if node[0] in ("cat", "alt") else [node[2]] if node[0] == "group" else []
    return any(_possessive(one) for one in inner)


def _holds_at(where, before, after):
    """Tell whether a place holds between *before* (None, or whether it is a word's byte) and the byte *after* (or None)."""
    if where in _START:
        return before is None
    if where in _END:
        return after is None
    left, right = bool(before), after is not None and after in _WORD
    return {"boundary": left != right, "no_boundary": left == right, "word_start": right and not left, "word_end": left and not right}[where]


def demands(tree):
    """Return trees that a text must hold wherever *tree* is found: what look-aheads in sequence ask for."""
    nodes = tree[1] if tree[0] == "cat" else [tree[2]] if tree[0] == "group" else []
    own = [tree[3]] if tree[0] == "look" and not tree[2] else []
    return own + [found for node in nodes for found in demands(node)]


def texts(wanted, avoided):
    """Yield (bytes, whether more may follow) of texts, short ones first.

    :param list wanted: [(Automaton, negated), ...] that all must hold
    :param list avoided: lists like *wanted*; of each not all may hold
    :raises Uncompilable: where the search is given up; where it just ends, there are no more texts
    """
    avoided = [group for group in avoided if all(one.exact for one, dummy in group)]
    # An inexact automaton finds too much: its "not found" is worth nothing, so a negated one asks for nothing.
    wanted = [(one, negated) for one, negated in wanted if one.exact or not negated]
    automata = list(dict((one, None) for one, dummy in wanted + [pair for group in avoided for pair in group]))
    number = dict((one, index) for index, one in enumerate(automata))
    wanted = [(number[one], negated) for one, negated in wanted]
    avoided = [[(number[one], negated) for one, negated in group] for group in avoided]
    codes = _representatives(automata)
    first = tuple(one.begin() for one in automata)
    visits = 1 if all(one.exact for one in automata) else REVISITS
    queue, seen = deque([(first, b"")]), Counter()  # type: deque, Counter
    for dummy in range(STEP_LIMIT // (len(codes) * len(automata))):
        if not queue:
            return
        vector, text = queue.popleft()
        ended = [one.ends(state) for one, state in zip(automata, vector)]
        if all(ended[one] != negated for one, negated in wanted) and not any(all(ended[one] != negated for one, negated in group) for group in avoided):
            yield text
        if len(text) >= TEXT_LIMIT:
            raise Uncompilable("no short text")
        for code in codes:
            after = tuple(one.step(state, code) for one, state in zip(automata, vector))
            if seen[after] < visits and not _lost(after, wanted, avoided):
                seen[after] += 1
                queue.append((after, text + bytes(bytearray((code,)))))
    raise Uncompilable("no text found in reasonable time")


def _lost(vector, wanted, avoided):
    return any(negated and vector[one] is MATCHED for one, negated in wanted) or \
        any(all(not negated and vector[one] is MATCHED for one, negated in group) for group in avoided)


def _representatives(automata):
    sets = set(codes for one in automata for codes in one.sets)
    sets.add(_WORD)
    found = {}  # type: dict[frozenset, int]
    for code in ALPHABET:
        found.setdefault(frozenset(index for index, codes in enumerate(sets) if code in codes), code)
    return list(found.values())
