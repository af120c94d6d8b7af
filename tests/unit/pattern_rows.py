# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of regexp and pcre tables and what `postmap -q` of Postfix 3.7 says of them; test_pattern_rules.py asks it again."""

# A rule without its value, the keys that it finds, and keys that it does not find, with blanks between them.
PCRE = [
    # Flags are toggled: twice is not at all.
    (r"/a/i", "a", "A"), (r"/a/ii", "a A", "b"), (r"/a/iii", "a", "A"), (r"/b/A", "b bc", "ab"), (r"/b|c/A", "b cx", "ab ac"), (r"/b/AA", "ab", "a"),
    (r"/a b/", "", "ab"), (r"/a b/x", "ab", "a"), (r"/a b/xx", "", "ab"), ("/a\t\v\f\r b\t\v\f\r +c/x", "abbc", "ac"), (r"/a|#b/x", "c a", ""),
    (r"/^#^b/x", "a", ""), (r"/a+#b/x", "aa", "b"), (r"/a #{2}/x", "a", "b"), (r"/^a +$/x", "aa", "ab"), (r"/^a  {2} $/x", "aa", "a"),
    (r"/^(?x:a {2} b)  $/", "", "aab"),
    (r"/a/X", "a", "b"), (r"/\x41[b-c]\Qd\E/", "abd ACD", "a"), (r"/\x41[b-c]\Qd\E/i", "Abd", "ABd AbD abd"),
    # Groups
    (r"/^(a|b)c$/", "ac bc", "abc"), (r"/^(?:a|b)c$/", "ac bc", "abc"), (r"/^a|^b$/", "ax b", "xb"), (r"/^(?>a|ab)c/", "ac", "abc"), (r"/^(|a)$/", "a", "b"),
    (r"/^a(?#b|c)d$/", "ad", "abd a"), (r"/(?#)a/", "a", "b"), (r"/^(?<n>a)b$/", "ab", "a"), (r"/^(?P<n>a)b$/", "ab", "a"), (r"/^(?'n'a)b$/", "ab", "a"),
    (r"/^(?<n>a|b)\k<n>$/", "aa bb", "ab a"), (r"/^(?<n>a|b)\k'n'c$/", "aac", "abc"), (r"/^(?<n>a|b)\k{n}c$/", "aac", "abc"),
    (r"/^(?<m>x)(?P<n>a|b)(?'o'c|d)\k<n>\k<o>\k<m>$/", "xacacx xbdbdx", "xacadx xacbcx xacac"), (r"/^(?<_9>a)\k<_9>/", "aa", "ab"),
    (r"/^(?<n" + 31 * "m" + ">a)b/", "ab", "b"), (r"/^" + "(?>a)" * 99 + "/", "a" * 99, "a" * 98),
    (r"/^" + "(a)" * 98 + r"(?<n>b)\k<n>/", "a" * 98 + "bb", "a" * 98 + "b"),
    (r"/^(.)(.)\2\1$/", "abba", "abab"), (r"/^(a)\1$/i", "aa", "aA"), (r"/^(a)\1$/", "aA", "ab"), (r"/^(a)(?-i)\1$/", "aa AA", "aA"),
    (r"/^(a|b)(c|d)\g1$/", "aca bdb", "acc bda"), (r"/^(a|b)(c|d)\g2\g{1}$/", "acca", "acac"), (r"/^(a|b)(c|d)\g{-1}$/", "acc", "aca"),
    (r"/^(a|b)(c|d)\g{-2}$/", "aca", "acc"), (r"/^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j|J)\g{10}$/i", "abcdefghijj", "abcdefghijJ abcdefghija"),
    (r"/^(a)\g1b$/", "aab", "ab"), (r"/^(?=(a))\1b/", "ab", "b"), (r"/^(a)\g{1}b$/", "aab", "ab"), (r"/^(a)(?:\g{-1}|b)$/", "aa ab", "a"),
    (r"/^(?:(a)|b)\1$/", "aa", "b ba"),
    (r"/^(a)(b)(c)(d)(e)(f)(g)(h)(i)\9$/", "abcdefghii", "abcdefghi"),
    # Options: to the end of the group, or of their own
    (r"/^a(?-i)b$/", "ab Ab", "aB"), (r"/^(a(?-i)b|c)D$/", "abd cD Abd", "aBd CD"), (r"/^(?-i:a)b$/", "ab aB", "Ab"), (r"/^a(?i)b$/i", "ab aB", "Ab"),
    (r"/^(?i-s:a)b$/i", "Ab", "AB"), (r"/^(?-i:a(?i)b)c$/", "abc aBc aBC", "Abc"), (r"/^a(?x) b #c/", "ab abc", "a b"), (r"/^(?x-i)a b/", "ab", "AB"),
    (r"/^(?-ix)a b/x", "", "ab"), (r"/^(?ix)a b/i", "ab AB", "a"), (r"/^(?:(?-i)a)b$/", "aB", "Ab"), (r"/^a|(?-i)b|c/", "A b xc", "B xC"),
    # Looks
    (r"/^(?=ab)a/", "ab", "ac"), (r"/^(?!ab)a/", "ac", "ab"), (r"/(?<=a)b/", "ab", "b cb"), (r"/(?<!a)b/", "b cb", "ab"), (r"/(?<=a|cd)b/", "ab cdb", "db b"),
    (r"/(?<!a|cd)b/", "db", "ab cdb"), (r"/(?<=(a|c))b/", "ab cb", "db"), (r"/(?<=a{2})b/", "aab", "ab"), (r"/(?<=(?:ac){2})b/", "acacb", "acb"),
    (r"/(?<=^a)b/", "ab", "aab"), (r"/(?<=c(?=ab)a)b/", "cab", "ab"), (r"/(?<=(?:ac|dd))b/", "acb ddb", "db"),
    (r"/(?<!^)b/", "ab", "b"), (r"/^(?=a+b|c)a/", "aab", "aac"), (r"/(?<!a(?=b))b/", "b cb", "ab"), (r"/(?<=a{1}c{2})b/", "accb", "acb"),
    (r"/(?=(?:a|b)c)b/", "bc", "ac b"),
    # Quotations
    (r"/^\Qa.b\Ec$/", "a.bc", "axbc"), (r"/^\Qa.*\E*$/", "a. a.**", "ab a.a"), (r"/^\Qa.*/", "a.*b", "ab"), (r"/^a\Q\Eb$/", "ab", "a"),
    (r"/^\Eab\E$/", "ab", "a"),
    (r"/^\Qab\E+c/", "abbc", "ababc"), (r"/^\Qab\E{2}c/", "abbc", "abc"),
    # Counts
    (r"/^a{2}$/", "aa", "a aaa"), (r"/^a{2,}$/", "aa aaa", "a"), (r"/^a{2,3}$/", "aa aaa", "a aaaa"), (r"/^a{0}b$/", "b", "ab"),
    (r"/^a{0,1}b$/", "b ab", "aab"),
    (r"/^a{$/", "a{", "a"), (r"/^a{x}$/", "a{x}", "a"), (r"/^a{,}$/", "a{,}", "a"), (r"/^a{}$/", "a{}", "a"), (r"/^a{1,2$/", "a{1,2", "a"),
    (r"/^a{-1}$/", "a{-1}", "a"), (r"/^a{1,2,3}$/", "a{1,2,3}", "a"), (r"/^{x}$/", "{x}", "x"), (r"/^a}b]$/", "a}b]", "a"), (r"/^a{2,2}$/", "aa", "a aaa"),
    (r"/^a{1x}$/", "a{1x}", "a"), (r"/^a{1000}$/", "a" * 1000, "a" * 999), (r"/^a{0,1000}$/", "a" * 1000, "a" * 1001),
    (r"/^a{1000,}$/", "a" * 1001, "a" * 999), (r"/^a{x}{2}$/", "a{x}}", "a{x} a"), (r"/^(ab){2}$/", "abab", "ab"), (r"/^[ab]{2}c{0,1}$/", "ab bac", "a abcc"),
    (r"/^(?:a{2}){2}$/", "aaaa", "aa aaaaa"), (r"/^a??b/", "b ab", "a"), (r"/^a+?b/", "aab", "b"), (r"/^a*?b/", "aab b", "a"), (r"/^a++b/", "aab", "b"),
    (r"/^a++a/", "", "aa aaa"), (r"/^a*+a/", "", "aa a"), (r"/^a?+a/", "aa", "a"), (r"/^a{1,2}+a/", "aaa", "aa"), (r"/^a{1,2}?a$/", "aa aaa", "a"),
    (r"/^(a++b)c/", "aabc", "abbc"), (r"/^(?:a++b)*c/", "aabc c", "aab"), (r"/^(?:a++|c)b/", "aab cb", "acb"), (r"/^(?:a+|c)b/", "aab cb", "acb"),
    (r"/^(a|ab)?+c/", "ac", "abc"), (r"/^a++a/U", "", "aa"), (r"/^a{2}+a/U", "aaa", "aa"),
    # Escapes
    ("/^\\a\\e\\f\\r\\tx/", "\x07\x1b\x0c\r\tx", "x"), (r"/^a\01\07\011x$/", "a\x01\x07\tx", "x"), (r"/^\0411$/", "!1", "!"), (r"/^\08?a/", "", "8a 0a"),
    (r"/^\x414$/", "A4 a4", "A"), (r"/^\x4g$/", "\x04g", "g"), (r"/^\x4Ax$/", "Jx", "x"), (r"/^\x4ax$/", "jx", "x"), (r"/^\xFFx|^\x7fy$/", "\x7fy", "x"),
    (r"/^\x{41}$/i", "A", "a"), (r"/^\x{4}1$/i", "\x041", "A"), (r"/^\x{5F}\x{5f}$/", "__", "_"), (r"/^\.\*\@\_\-\\\/$/", ".*@_-\\/", "a"),
    (r"/\é/", "é aéb", "e"),
    (r"/^a\ b$/x", "", "ab"), (r"/^\N$/", "a", "ab"), (r"/^\Na/", "aa", "a"), (r"/a\Z/", "a", "ab"), (r"/a\z/", "a", "ab"), (r"/\Aa/", "ab", "ba"),
    (r"/\Ga/", "ab", "ba"), (r"/a\b/", "a a-", "ab"), (r"/a\B/", "ab", "a a-"), (r"/\ba/", "a -a", "ba"), (r"/^\B/", "-", "a"), (r"/^\b/", "a", "-"),
    (r"/a.*\Bb/", "acb", "a-b"), (r"/-\B/", "- --", "-a"), (r"/^\d\D\w\W\S\H\Vx$/", "1aa-aaax", "aaa-aaax 11a-aaax 1a--aaax 1aaaaaax x"),
    # Classes
    (r"/^[]a]$/", "] a", "b"), (r"/^[^]a]$/", "b", "] a"), (r"/^[^a]$/", "b", "a A"), (r"/^[^a]$/i", "b A", "a"), (r"/^[a^]$/", "a ^", "b"),
    (r"/^[a-c]$/", "a b c B", "d `"), (r"/^[a-c]$/i", "a b c", "A B C d"), (r"/^[a-]$/", "a -", "b"), (r"/^[-a]$/", "a -", "b"), (r"/^[a-a]$/", "a", "b `"),
    (r"/^[+--]$/", "+ , -", "* ."), (r"/^[a-c-e]$/", "a c - e", "d"), (r"/^[\w-]$/", "a -", "."), (r"/^[\d.-]$/", "1 . -", ","),
    (r"/^[[:digit:]-]$/", "1 -", "a"),
    (r"/^[[:upper:]]$/", "A a", "1"), (r"/^[[:upper:]]$/i", "A", "a 1"), (r"/^[[:lower:]]$/", "A a", "1"), (r"/^[[:lower:]]$/i", "a", "A"),
    (r"/^[[:^lower:]]$/", "1", "A a"), (r"/^[[:^lower:]]$/i", "1 A", "a"), (r"/^[[:alpha:][:digit:]]$/", "a 1", "-"), (r"/^[^[:alpha:]1]$/", "2", "a 1"),
    (r"/^[[:alpha:]x.]$/", "a .", "1"), (r"/^[[:^digit:]1]$/", "a 1", "2"), (r"/^[[a]$/", "[ a", "b"), (r"/^[[:a]$/", "[ : a", "b"),
    (r"/^[[:a:b]$/", "[ : a b", "c"),
    (r"/^[:a]$/", ": a", "b"), (r"/^[.a]$/", ". a", "b"), (r"/^[=a]$/", "= a", "b"), (r"/^[:]a:]$/", ":a:]", "a"), (r"/^[:a:.]$/", ": a .", "b"),
    (r"/^[:a[:digit:]]$/", ": a 1", "b"), (r"/^[\]]$/", "]", "a"), (r"/^[\\]$/", "\\", "a"), (r"/^[\x41-\x43]$/i", "A B C", "D @"), (r"/^[\b]$/", "\x08", "b"),
    (r"/^[\0-\x08]$/", "\x08 \x01", "a"), (r"/^[\n-\e]$/", "\x0b \x1b", "\x1c a"), (r"/^[\040-\x30]$/", "! 0", "1"), (r"/^[\.\-\/]$/", ". - /", ","),
    (r"/^[a\-c]$/", "a - c", "b"), (r"/^[\D]$/", "a", "1"), (r"/^[\sx]$/", "x", "a"), (r"/^[^\W]$/", "a", "-"), (r"/^[a-\x63]$/", "b c", "d"),
    (r"/^[A-z]$/i", "A z _", "1"), (r"/^[Z-a]$/", "Z z a A _", "b"), (r"/[é]/", "é", "e"), (r"/^[^é]$/", "e", "é"), (r"/^..$/", "é ab", "a"),
    (r"/^[[:\]x]$/", "[ : ] x", "y"), (r"/^[a[:digit:]b]$/", "a 1 b", "c"), (r"/^[[.a]$/", "[ . a", "b"), (r"/^[[=a]$/", "[ = a", "b"),
    (r"/^[[:a.]b$/", "[b :b .b", "b"), (r"/^[[:a]b:]$/", "ab:]", "b"), (r"/^[a:b:]$/", "a : b", "c"), (r"/^[a.b.]$/", "a . b", "c"),
    (r"/^[a=b=]$/", "a = b", "c"), (r"/^[^:b:]$/", "a", ": b"),
]
REGEXP = [
    (r"/a/i", "a", "A"), (r"/a/ii", "a A", "b"), (r"/a/iii", "a", "A"), (r"/a/xx", "a", "b"), (r"/a+/xx", "aa", "b"), (r"/a/m", "a A", "b"),
    # Groups
    (r"/^(a|b)c$/", "ac bc", "abc"), (r"/^a|^b$/", "ax b", "xb"), (r"/^(|a)$/", "a", "b"), (r"/^a)$/", "a)", "a"), (r"/^()a$/", "a", "b"),
    (r"/^(.)(.)\2\1$/", "abba", "abab"), (r"/^(a)\1$/i", "aa", "aA"), (r"/^(a)\1$/", "aA", "ab"),
    (r"/^(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)\9$/", "abcdefghiji", "abcdefghijj"),
    (r"/^(a)\1*b$/", "ab aaab", "b"), (r"/^((a)b)\2$/", "aba", "abb ab"),
    # Counts
    (r"/^a{2}$/", "aa", "a aaa"), (r"/^a{2,}$/", "aa aaa", "a"), (r"/^a{2,3}$/", "aa aaa", "a aaaa"), (r"/^a{0}b$/", "b", "ab"),
    (r"/^a{0,1}b$/", "b ab", "aab"),
    (r"/^a{,2}b$/", "b ab aab", "aaab"), (r"/^a{,}$/", "a aaa", "b"), (r"/^a{2,2}$/", "aa", "a aaa"), (r"/^a{1\,2}$/", "a aa", "aaa"),
    (r"/^a{0,0}b$/", "b", "ab"),
    (r"/^a{1000}$/", "a" * 1000, "a" * 999), (r"/^a{0,1000}$/", "a" * 1000, "a" * 1001), (r"/^a{1000,}$/", "a" * 1001, "a" * 999), (r"/^a}$/", "a}", "a"),
    (r"/^a**$/", "a aa", "b"), (r"/^a{2}{2}$/", "aaaa", "aa aaa"), (r"/^(ab){2}$/", "abab", "ab"), (r"/^a+?$/", "a aa", "b"), (r"/^(a{0}b){2}$/", "bb", "b"),
    # Anchors
    (r"/^(^a)*b/", "ab b", "ac"), (r"/^(^a)?b/", "ab b", "aab"), (r"/(^a){1}b/", "ab", "b"), (r"/x(^a){0}b/", "xb", "b"), (r"/a^b/", "", "ab a^b"),
    (r"/(^|@)a/", "a x@a", "ba"),
    (r"/a($|@)/", "a ba@", "ab"), (r"/\<a/", "ab -a", "ba"), (r"/a\>/", "ba a-", "ab"), (r"/\ba/", "ab -a", "ba"), (r"/a\B/", "ab", "a a-"),
    (r"/\`a/", "ab", "ba"),
    (r"/a\'/", "ba", "ab"), (r"/-\</", "-a", "- a-"), (r"/-\>/", "", "- -a a-"), (r"/^\B/", "-", "a"),
    # Escapes
    (r"/^\w\W\S$/", "a-b", "--b aab"), (r"/^\s/", "", "a"), (r"/^\.\*\+\?\{\|\(\)$/", ".*+?{|()", "a"), (r"/^\d$/", "", "1 d D"), (r"/^\D$/", "d D", "1"),
    (r"/^\d$/i", "d", "D"),
    (r"/^\é/", "é", "e"), (r"/^\-\_\@$/", "-_@", "a"), (r"/^a\{2\}$/", "a{2}", "aa"),
    # Brackets; letters are turned into capitals, and the ends of ranges with them.
    (r"/^[]a]$/", "] a", "b"), (r"/^[^]a]$/", "b", "] a"), (r"/^[^a]$/", "b", "a A"), (r"/^[^a]$/i", "b A", "a"), (r"/^[a^]$/", "a ^", "b"),
    (r"/^[a-c]$/", "a b c B", "d `"), (r"/^[a-c]$/i", "a b c", "A B C d"), (r"/^[a-]$/", "a -", "b"), (r"/^[-a]$/", "a -", "b"), (r"/^[a-a]$/", "a", "b `"),
    (r"/^[+--]$/", "+ , -", "* ."), (r"/^[--a]$/", "- 0 A", ","), (r"/^[--0]$/", "- . 0", "1 ,"), (r"/^[a\]$/", "a \\", "b"), (r"/^[a\]]$/", "a] \\]", "a"),
    (r"/^[\d]$/", "\\ d", "1"), (r"/^[[:upper:]]$/", "A a", "1"), (r"/^[[:upper:]]$/i", "A", "a"), (r"/^[[:lower:]]$/", "A a", "1"),
    (r"/^[[:lower:]]$/i", "a", "A"),
    (r"/^[^[:lower:]]$/", "1", "a A"), (r"/^[[:alpha:][:digit:]]$/", "a 1", "-"), (r"/^[[:digit:]a-]$/", "1 a -", "b"), (r"/^[[.a.]-c]$/", "a b c", "d"),
    (r"/^[[.-.]]$/", "-", "a"), (r"/^[[=a=]b]$/", "a b", "c"), (r"/^[a-[.c.]]$/", "b c", "d"), (r"/^[A-z]$/i", "A z _", "1"), (r"/^[Z-a]$/i", "Z _ a", "b z"),
    (r"/^[[a]$/", "[ a", "b"), (r"/^[a[]$/", "[ a", "b"), (r"/^[a-z[.-.]]$/", "b -", "1"), (r"/^[é]$/", "", "e"), (r"/[é]/", "é", "e"),
    ("/^[a-\x7f]$/i", "b ~", "` 1"),
    (r"/^[%--]$/", "% & -", "."), (r"/^[]-a]$/i", "] ^ a", "[ b"), (r"/^[^]-a]$/i", "b", "] ^ a"), (r"/^[z[.A.]]$/i", "z A", "a"), (r"/^[[.a.]]$/", "a A", "."),
    (r"/^[[.].]]$/", "]", "a"), (r"/^[[=]=]a]$/", "] a", "="),
]
# A key with line feeds, which no list of keys holds.
LINES = [
    ("pcre", r"/a.c/", "a\nc", True), ("pcre", r"/a.c/s", "a\nc", False), ("pcre", r"/a.c/ss", "a\nc", True), ("pcre", r"/a.c/sss", "a\nc", False),
    ("pcre", r"/^c/", "a\nc", False), ("pcre", r"/^c/m", "a\nc", True), ("pcre", r"/^c/mm", "a\nc", False), ("pcre", r"/^c/mmm", "a\nc", True),
    ("pcre", r"/^\z/m", "a\n", False), ("pcre", r"/^\n/m", "a\n\n", True), ("pcre", r"/a$/", "a\n", True), ("pcre", r"/a$/", "a\nb", False),
    ("pcre", r"/a$/E", "a\n", False), ("pcre", r"/a$/EE", "a\n", True), ("pcre", r"/a$/EEE", "a\n", False), ("pcre", r"/a$/m", "a\nb", True),
    ("pcre", r"/a$/Em", "a\nb", True), ("pcre", r"/a\Z/", "a\n", True), ("pcre", r"/a\z/", "a\n", False), ("pcre", r"/a\N/", "a\n", False),
    ("pcre", r"/a[^b]/s", "a\n", True),
    ("pcre", r"/(?-s)a./", "a\n", False), ("pcre", r"/(?s)a./s", "a\n", True), ("pcre", r"/(?m)^b/", "a\nb", True), ("pcre", r"/(?-m)^b/m", "a\nb", False),
    ("pcre", r"/^a\Rb/", "a\nb", True), ("pcre", r"/^a\Rb/", "a\r\nb", True), ("pcre", r"/^a\R\nb/", "a\r\nb", False), ("pcre", r"/^a\Rb/", "a\vb", True),
    ("pcre", r"/a\012/", "a\n", True), ("pcre", r"/a\0123/", "a\n3", True), ("pcre", r"/a\x0a/", "a\n", True), ("pcre", r"/a\n/", "a\n", True),
    ("pcre", r"/a[\n]/", "a\n", True), ("pcre", r"/^\Ba/m", "\na", False),
    ("regexp", r"/a.c/", "a\nc", True), ("regexp", r"/a.c/m", "a\nc", False), ("regexp", r"/a.c/mm", "a\nc", True), ("regexp", r"/a.c/mmm", "a\nc", False),
    ("regexp", r"/a[^b]c/", "a\nc", True), ("regexp", r"/a[^b]c/m", "a\nc", False), ("regexp", r"/^c/", "a\nc", False), ("regexp", r"/^c/m", "a\nc", True),
    ("regexp", r"/a$/", "a\nc", False), ("regexp", r"/a$/", "a\n", False), ("regexp", r"/a$/m", "a\nc", True), ("regexp", r"/\`c/m", "a\nc", False),
]
# What the libraries refuse: Postfix skips the rule, and so there is none.
REFUSED = {
    "pcre": [r"a)", r"(a", r"(?:a", r"(?>a", r"(?=a", r"(?<n>a", r"(a)\2", r"\1", r"(a)\g2", r"(a)\g{2}", r"*a", r"+a", r"?a", r"{2}", r"a|*b", r"a**",
             r"(?x)a**", r"[a-", r"(?x)a{2}{2}",
             r"a{2}{2}", r"a{2,1}", r"a{65536}", r"a{65536,}", r"a{0,65536}", r"(?#a", r"[a", r"[", r"[]", r"[^", r"[^]", r"[c-a]", r"[[:foo:]]",
             r"[[.a.]]", r"[[=a=]]", r"[:a:]", r"[.a.]", r"[=a=]", r"[[:^^alpha:]]", r"[[::]]", r"\y", r"\i", r"\j", r"[\y]", r"[\B]", r"[\R]", r"[\X]",
             r"[\N]", r"[:\]:]", r"[:\:]",
             r"[[:alpha:", r"[[:ALPHA:]]", r"a{2}*", r"[:[:a:]"],
    "regexp": [r"(a", r"*a", r"+a", r"?a", r"{2}", r"^*", r"$*", r"a|*b", r"(*a)", r"a{2,1}", r"a{x}", r"a{2", r"a{", r"a{}", r"a{1,x}", r"a{x,1}", r"a{1,2,3}",
               r"a{32768}",
               r"a{32768,}", r"a{0,32768}", r"\1", r"(a\1)", r"(a)\2", r"[a", r"[", r"[]", r"[^", r"[^]", r"[c-a]", r"[a-c-e]", r"[a-", r"[[:foo:]]",
               r"[[:word:]]",
               r"[[:ascii:]]", r"[a-[:digit:]]", r"[[.hyphen.]]", r"[[:alpha:", r"[[:a]", r"[Z-a]", r"[_-z]", r"[[.a]", r"[[=a]", r"[[.ab.]]", r"[[==]]",
               r"[a-[=c=]]", r"[[:ALPHA:]]"],
}
# What is left to the host: other versions of the library read it otherwise, or Python's re cannot say it.
UNTOLD = {
    "pcre": [r"(*UTF)a", r"a(*FAIL)", r"(a)??\1", r"(a)*?b\1", r"(?=a)*b", r"(?=a)+b", r"(?!a)?b", r"(?=a){2}b", r"\b*a", r"^+a", r"$?a", r"(?<=a+)b",
             r"(?<=(a|bb))c",
             r"(?<=a{1,2})b", r"(?<!a|b*)c", r"(?<=(?>a))b", r"(?<=a{2}+)b", r"(a)(?<=(?=\1)a)", r"(?#a)*", r"(?#a){2}", r"(?i)*", r"(?i){2}", r"(?xx)a",
             r"(?-i-s)a", r"(?^i:a)", r"(?", r"(?)", r"(?J)a",
             r"(?R)", r"(?1)(a)", r"(?|a)", r"(?<9>a)", r"(?<>a)", r"(?<n-m>a)", r"(?<n)", r"(?<n>a)(?<n>b)", r"(?<n" + 32 * "m" + ">a)", r"(?P=n)", r"(?P>n)",
             r"\k<n>(?<n>a)",
             r"(?<n>a)\k<m>", r"(?<n>a)\kn", r"(?<n>a)\k<n", r"a\Q\E*", r"a\Q\E{2}", r"(?x)a+ +", r"(?x)a+ {2}", r"a{ 2}", r"a{2 }", "a{\t2}", r"a{,2}",
             r"a{1, 2}", r"a{1001}", r"a{0,1001}", r"a{1001,}", r"a{65535}", r"\10", r"(a)\11", r"\p{L}", r"\C", r"\K", r"\X", r"\u", r"\L", r"\U", r"\cA",
             r"\o{101}", r"\N{U+41}",
             r"(a)\g", r"(a)\g{", r"(a)\g{1", r"(a)\g{}", r"(a)\g{x}", r"(a)\g{+1}", r"(a)\g-1", r"(a)\g{-2}", r"(a)\g0", r"(a)\g{0}", r"(a)\g12", r"(a)\g{1}2",
             r"(a)\g{100}", "(a)" * 99 + r"(?<n>b)\k<n>",
             r"\x{}", r"\x{100}", r"\x{4g}", r"\x{4", r"[\x{100}]", r"[\d-z]", r"[[:digit:]-z]", r"[a-\d]", r"[a-[:digit:]]", r"[\1]", r"[\9]", r"[\101]",
             r"[\cA]", r"[\p{L}]",
             "(a)\\g{\udcb2}", "(?>a)" * 100],
    "regexp": [r"(a)\1|b", r"((a)\2)*", r"(a|b)\1", r"(a)*\1", r"((a)*)\2", r"(^a){2}", r"(^a)+b", r"(a$){2,}", r"((^a)*){2}", r"(a\b){2}", r"(a|^b){1,2}",
               r"a{1001}", r"a{0,1001}",
               r"a{1001,}", r"a{32767}", r"[---]", r"[a---b]", r"[---b]", r"[a-é]", "[a-\udc80]"],
}
# How the text is shared out among the groups.
VALUES = [
    ("pcre", r"/^(a+)(a*)/", "$1-$2", "aaa", "aaa-"), ("pcre", r"/^(a+?)(a*)/", "$1-$2", "aaa", "a-aa"), ("pcre", r"/^(a+)(a*)/U", "$1-$2", "aaa", "a-"),
    ("pcre", r"/^(a+?)(a*?)/U", "$1-$2", "aaa", "aaa-"), ("pcre", r"/^(a++)(a*)/U", "$1-$2", "aaa", "aaa-"), ("pcre", r"/^(a+)(a*)/UU", "$1-$2", "aaa", "aaa-"),
    ("pcre", r"/^(?U)(a+)(?-U)(a*)/", "$1-$2", "aaa", "a-aa"), ("pcre", r"/^(a{1,2})(a*)/U", "$1-$2", "aaa", "a-"),
    ("pcre", r"/^(?>a|b)(c)(?>d)(e)/", "$2$1", "acde", "ec"),
    ("pcre", r"/^(a)(?:b|c)(?<n>d)/", "$2$1", "acd", "da"), ("pcre", r"/^(a++)(b)/", "$2$1", "aab", "baa"), ("pcre", r"/^(a)|(b)/", "x${1}y", "b", "xy"),
    ("pcre", r"/^(a|ab)(c|bcd)(d*)/", "$1-$2-$3", "abcd", "a-bcd-"), ("pcre", r"/^(?=(a))(a)/", "$1$2", "a", "aa"),
    ("regexp", r"/^(a+)@(.*)$/", "$2.$1", "aa@b", "b.aa"), ("regexp", r"/^(a*)b/", "x$1", "b", "x"),
]


def keys(text):
    """Return the keys of a row."""
    return [key for key in text.split(" ") if key]
