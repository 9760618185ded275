import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from influents.agendas.texts import folded, one_line, plain, shortened


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Saints &amp; Sinners", "Saints & Sinners"),
        ("O&amp;amp;#39;Neill &#xE9;", "O'Neill é"),
        ("http://example.org/?a=1&copy=2&amp;lt=3", "http://example.org/?a=1&copy=2&lt=3"),
        ("&unknown; & &", "&unknown; & &"),
        ("a < b et b > c, I <3 you", "a < b et b > c, I <3 you"),
        ("x<y et z>y", "x<y et z>y"),
        ("<b>gras</b> et <a href='x'>lien</a>", "gras et lien"),
        ("&lt;p&gt;un&lt;/p&gt;&lt;p&gt;deux&lt;/p&gt;", "un\n\ndeux"),
        ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
        ("un<br>deux<BR />trois", "un\ndeux\ntrois"),
        ("<style>p {}</style>un<script>if (a < b) alert('<p>')</script> deux<!-- non -->", "un deux"),
        ("un \t deux  \r\n\r\n\r\n\r\ntrois", "un deux\n\ntrois"),
        ("nul\x00, \x1b[31mrouge\x1b[0m, \ud800seul, \u202emarche arrière", "nul, [31mrouge[0m, seul, marche arrière"),
        ("e\u0301te\u0301", "été"),
        ("  \u00a0 ", ""),
    ],
)
def test_text_of_the_web_becomes_plain(text: str, read: str) -> None:
    assert plain(text) == read


def test_one_line_is_one_line() -> None:
    assert one_line(" un\n\ndeux<br>trois ") == "un deux trois"


@given(st.text(), st.integers(2, 30))
def test_a_shortened_text_fits_and_is_its_beginning(text: str, maximum: int) -> None:
    short = shortened(text, maximum)
    assert len(short) <= maximum
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_text_is_cut_between_words_where_there_is_one() -> None:
    assert shortened("un deux trois", 13) == "un deux trois"
    assert shortened("un deux trois", 12) == "un deux…"
    assert shortened("un deux, trois", 9) == "un deux…"
    assert shortened("anticonstitutionnellement", 5) == "anti…"


def test_what_is_compared_has_neither_accents_nor_case_nor_signs() -> None:
    assert folded("L’Œuvre d’Ève — À  Nœux-les-Mines !") == "l oeuvre d eve a noeux les mines"


@given(st.text(alphabet="<>/&;!-pbr sript\n\"'#39am", max_size=60))
def test_what_is_plain_has_no_known_tag_left_and_stays_plain_when_tidied(text: str) -> None:
    read = plain(text)
    assert "<p>" not in read
    assert read == read.strip()


@pytest.mark.parametrize("piece", ["<a ", "<p", "<!--", "<script>", "&amp;", "&", " ", "<a b='", "</"])
def test_hostile_text_takes_no_longer_than_its_length_is_worth(piece: str) -> None:
    began = time.perf_counter()
    shortened(plain(piece * (2_000_000 // len(piece))), 20_000)
    assert time.perf_counter() - began < 5
