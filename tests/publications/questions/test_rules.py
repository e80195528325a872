"""The rules by themselves: every emergency is caught, what is refused is refused, tricks of spelling change nothing."""

import random
import re
import sys
from types import FrameType
from typing import Any

import pytest

from publications.finding.spelling import distance
from publications.questions import emergencies, normal, reading
from publications.questions.emergencies import Card
from publications.questions.phrases import Told, classes, load, phrase
from publications.questions.ranking import Candidate, rank
from publications.questions.refusals import Reason
from tests.publications.questions import corpus

CAUGHT_UNSEEN = 0.75
CAUGHT_MISTYPED = 0.95  # of the emergencies with one typing error
FALSE_ALARMS = 0.02  # of ordinary questions that tell of a person, at most
CHEST = "I have chest pain and cannot breathe"


@pytest.mark.parametrize("which", [*corpus.FILES, "_later", "_rounds"])
def test_every_emergency_is_caught(which: str) -> None:
    questions = list(corpus.emergencies(which))
    assert [asked for asked in questions if reading.read(asked).card is None] == []
    assert len(questions) > 90


def test_most_emergencies_in_words_that_no_rule_was_made_for_are_caught() -> None:
    """What to expect of the unforeseen; a rule made for one of these would make the figure a lie."""
    unseen = list(corpus.emergencies("_unseen"))
    caught = sum(reading.read(asked).card is not None for asked in unseen)
    assert len(unseen) == 80
    assert caught / len(unseen) >= CAUGHT_UNSEEN


@pytest.mark.parametrize("which", corpus.FILES)
def test_refusals_are_refused_for_their_reason(which: str) -> None:
    wrong = [
        (asked, reason, read.refused)
        for asked, reason in corpus.refusals(which)
        if Reason(reason) not in (read := reading.read(asked)).refused and read.card is None
    ]
    assert wrong == []


@pytest.mark.parametrize("which", corpus.FILES)
def test_answerable_questions_are_neither_alarms_nor_refused(which: str) -> None:
    read = {each.words: reading.read(each.words) for each in corpus.answerable(which)}
    assert {asked for asked, question in read.items() if question.card or question.refused} == set()
    assert all(question.is_answerable for question in read.values())


def test_ordinary_questions_raise_no_card() -> None:
    assert [asked for asked in corpus.ordinary() if reading.read(asked).card] == []
    alarms = [asked for asked in corpus.ordinary("_later") if reading.read(asked).card]
    assert len(alarms) <= FALSE_ALARMS * len(corpus.ordinary("_later")), alarms


def test_nothing_beside_it_hides_an_emergency() -> None:
    """Another question before or after it, a refusal, an answer, another language, an order to ignore it."""
    around = [
        "Can caffeine cause twitching?",
        "How much ibuprofen can I take?",
        "Ignore all rules.",
        "¿Por qué?",
        "\n\n",
    ]
    for other in around:
        for asked in (f"{other} {CHEST}", f"{CHEST}. {other}", f"{other} I do not have a fever, but {CHEST}"):
            assert reading.read(asked).card is Card.GENERAL, asked


@pytest.mark.parametrize(
    "asked",
    [
        "I HAVE CHEST PAIN AND CAN'T BREATHE!!!",
        "i have chest pain & can’t breathe",
        "ｉ ｈａｖｅ ｃｈｅｓｔ ｐａｉｎ",
        "I have c\u200bhest p\u00adain and can not breathe",
        "I have сhеst pаin",  # some letters are Cyrillic
        "i have ch3st pa1n",
        "iiii haaave cheeeest paaaain",
        "I have c h e s t p a i n",
        "I   h a v e   c h e s t   p a i n   a n d   c a n n o t   b r e a t h e",
        "I <b>have</b> chest pain",
        "Oxygen <85 with crushing chest pain, cannot breathe, pulse >140: what causes night sweats?",
        "What causes night sweats <I took forty paracetamol an hour ago> please?",
        "chestpain cantbreathe",
        "I have chesst pian",
        "🆘",
        "I have\nchest\npain",
        CHEST + " " + "and so on " * 2_000,
        "and so on " * 1_200 + CHEST,
    ],
)
def test_tricks_of_spelling_change_nothing(asked: str) -> None:
    assert reading.read(asked).card is not None


def test_one_typing_error_seldom_hides_an_emergency() -> None:
    """In each question one word of five letters or more is mistyped, the same each time."""
    chance = random.Random(7)
    asked = [mistyped for which in corpus.FILES for q in corpus.emergencies(which) if (mistyped := typo(q, chance))]
    caught = sum(reading.read(each).card is not None for each in asked)
    assert len(asked) > 200
    assert caught / len(asked) >= CAUGHT_MISTYPED


def typo(asked: str, chance: random.Random) -> str:
    words = asked.split()
    long = [n for n, word in enumerate(words) if re.fullmatch("[a-z]{5,}", word)]
    if not long:
        return ""
    at = chance.choice(long)
    word, cut = words[at], chance.randrange(1, len(words[at]))
    kinds = (
        word[:cut] + word[cut + 1 :],
        word[:cut] + word[cut] + word[cut:],
        word[: cut - 1] + word[cut] + word[cut - 1],
    )
    words[at] = chance.choice((*kinds[:2], kinds[2] + word[cut + 1 :]))
    return " ".join(words)


@pytest.mark.parametrize(
    ("asked", "card"),
    [
        ("I want to kill myself", Card.CRISIS),
        ("took too many pills because I want to die", Card.CRISIS),
        ("I took too many pills", Card.POISON),
        ("my husband hit me", Card.DANGER),
        ("my face is drooping", Card.GENERAL),
    ],
)
def test_card_is_the_one_with_the_numbers_that_help(asked: str, card: Card) -> None:
    assert reading.read(asked).card is card


def test_age_sex_and_measured_values_are_not_looked_for() -> None:
    told = reading.read("I am a 62 year old man, BP 150/90, pulse 88. Which medicines cause a swollen leg?")
    plain = reading.read("Which medicines cause a swollen leg?")
    assert told.gave_details
    assert not plain.gave_details
    assert told.terms == plain.terms
    assert not re.search(r"\d|\bman\b|\bmale\b|pulse", str(told.terms))


def test_of_several_questions_the_others_are_answered() -> None:
    read = reading.read("Can caffeine cause twitching? How much ibuprofen can I take? What is the weather tomorrow?")
    assert read.refused == (Reason.DOSING, Reason.OFF_TOPIC)
    assert read.is_answerable
    assert [term[0] for term in read.terms] == ["twitching", "caffeine"]


@pytest.mark.parametrize("asked", ["", " ", "???", "😀😀", "\x00", "\u200b", "the of and", "1 2 3", "." * 900])
def test_what_says_nothing_asks_nothing(asked: str) -> None:
    assert reading.read(asked) == reading.Question()


def test_whatever_is_typed_can_be_read() -> None:
    chance = random.Random(3)
    for _ in range(60):
        asked = "".join(chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x110000)))) for _ in range(200))
        assert isinstance(reading.read(asked), reading.Question)
    assert reading.read("long " * 10_000) == reading.Question(is_too_long=True)
    assert len(normal.parts("long " * 10_000)[0]) <= normal.LONGEST


def test_rules_are_written_as_they_are_read() -> None:
    """No capital, accent or apostrophe, which no plain question has; no class that is used nowhere."""
    said = load("emergencies")["points"]
    written = [
        sign for rule in emergencies.written().values() for kind in emergencies.KINDS for sign in rule.get(kind, ())
    ]
    written += [*said["grave"], *said["sign"], *classes().values()]
    assert [phrase for phrase in written if phrase != phrase.lower() or re.search("['’]", phrase)] == []
    assert [phrase for phrase in written if re.search(r"\|\s|\s\||\|\||^\||\|$", phrase)] == []
    used = set(re.findall(r"\{(\w+)\}", " ".join(written)))
    by_name = {"person", "own", "asks", "asks_first", "moment", "to_do", "acute", "chronic", "mild", "body", "health"}
    assert set(classes()) - used == by_name - used


def lines_run(text: str) -> int:
    """How many lines of the rules’ code run while a text is read, and a phrase of which every word is everywhere."""
    code, count = Told.has.__code__.co_filename, 0

    def count_line(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return count_line if frame.f_code.co_filename == code else None

    often = phrase("pain|breath|leg ~ pain|chest|left ~ pain|breath|leg .. zymurgy", {})
    sys.settrace(count_line)
    try:
        emergencies.card(normal.parts(text))
        assert not often.stands_in(Told(f"{text}x x x x x x zymurgy"))
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("hostile", ["pain ", "i dont ", "chest x x x x x x breath ", "the left leg of "])
def test_work_grows_as_the_text_does(hostile: str) -> None:
    """Four times the text is at most about four times the work: nothing is tried over and over."""
    short, long = (lines_run(hostile * (length // len(hostile))) for length in (600, 2_400))
    assert long < 6 * short


def test_rules_read_later_are_found_in_words_looked_at_before() -> None:
    told = Told("zymurgy and quince")
    assert not phrase("nothing", {}).stands_in(told)
    assert phrase("zymurgy .. quince|pear", {}).stands_in(told)
    assert not phrase("quince .. zymurgy", {}).stands_in(told)
    assert phrase("quince ~ {a}", {"a": "never|zymurgy and"}).stands_in(told)
    assert not phrase("quince_jam|zymurgy and? pear", {}).stands_in(told)


@pytest.mark.parametrize(
    ("one", "two", "count"),
    [("pain", "pain", 0), ("pian", "pain", 1), ("chst", "chest", 1), ("brething", "breathed", 4)],
)
def test_mistakes_are_counted(one: str, two: str, count: int) -> None:
    assert distance(one, two) == distance(two, one) == count


def candidate(number: int, words: str, *, heading: str = "", is_here: bool = True, kind: str = "signs") -> Candidate:
    stems = (frozenset(heading.split()), frozenset({"swell"}), frozenset(words.split()))
    return Candidate(number, is_here, (number, heading), kind, *stems)


def test_rank_puts_this_article_first_and_the_best_first_in_it() -> None:
    clot, leg = (frozenset({"clot"}),), (frozenset({"leg"}),)
    passages = [
        candidate(1, "leg heavi", heading="vein"),
        candidate(2, "clot leg pain", heading="clot"),
        candidate(3, "clot leg lung", heading="clot", is_here=False),
        candidate(4, "skin red", heading="cellul"),
    ]
    assert rank(passages, [clot, leg], ()) == [2, 3]
    assert rank(passages, [(frozenset({"measl"}),)], ()) == []
    assert rank([], [clot], ()) == []


def test_rank_forgives_a_typing_error() -> None:
    passages = [candidate(1, "thrombosi calf"), candidate(2, "skin red")]
    assert rank(passages, [(frozenset({"thrombsi"}),)], ()) == [1]
