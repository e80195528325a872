"""One article has one text: writing and reading agree, and nothing else is accepted."""

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from content import canonical
from content.schema import Content, Tier
from tests.articles.strategies import contents

SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
EMPTY = canonical.dumps(Content())
# Bytes and hash as they were signed before an article could have terms and readers' questions.
OLD = (
    '{"diagnoses":[{"also_do_not_miss":true,"clinician":{"distinguishing_signs":[],"rationale":"","red_flags":[]},'
    '"codes":[],"key":"full","name":"Gastric distension","patient":{"distinguishing_signs":[],"rationale":"",'
    '"red_flags":[]},"plain_name":"","references":["ninds"],"tier":"most_likely"}],"no_do_not_miss_reason":"",'
    '"presentation":{"clinician":"","patient":""},"references":[{"citation":"Hiccups. 2024.","doi":"10.1000/182",'
    '"key":"ninds","pmid":"","url":""}],"schema_version":1,"title":"Hiccups at night"}'
)
OLD_HASHES = {
    EMPTY: "5fcbdf5205eea682abb3e120a53a5a798a6820b976b78afaf56824d4c058eb24",
    OLD: "b7ac7d61edfed123856a7e1b1d248c9635492323dea1bd03d8541cf2304cf81c",
}


def test_accent_at_the_beginning_of_a_line_does_not_join_the_line_feed_before_it() -> None:
    text = canonical.dumps(Content.model_validate({"presentation": {"clinician": "- item\n\u0301x"}}))
    assert unicodedata.is_normalized("NFC", text)
    assert canonical.loads(text).presentation.clinician == "- item\nx"


@SETTINGS
@given(content=contents())
def test_canonical_text_is_read_back_as_the_same_content(content: Content) -> None:
    text = canonical.dumps(content)
    assert canonical.loads(text) == content
    assert canonical.dumps(canonical.loads(text)) == text
    assert unicodedata.is_normalized("NFC", text)
    assert "\n" not in text


@SETTINGS
@given(content=contents(min_diagnoses=2), order=st.randoms(use_true_random=False))
def test_keys_in_any_order_give_the_same_bytes(content: Content, order: object) -> None:
    data = json.loads(canonical.dumps(content))
    backwards = dict(reversed(data.items()))
    assert canonical.dumps(Content.model_validate(backwards)) == canonical.dumps(content)


@SETTINGS
@given(content=contents(min_diagnoses=2))
def test_tiers_in_any_order_give_the_same_bytes(content: Content) -> None:
    by_tier = [content.in_tier(tier) for tier in reversed(Tier)]
    shuffled = content.model_dump() | {"diagnoses": [d.model_dump() for group in by_tier for d in group]}
    assert canonical.dumps(Content.model_validate(shuffled)) == canonical.dumps(content)


@SETTINGS
@given(content=contents(), other=contents())
def test_texts_have_the_same_hash_only_if_they_are_equal(content: Content, other: Content) -> None:
    one, two = canonical.dumps(content), canonical.dumps(other)
    assert (canonical.sha256(one) == canonical.sha256(two)) == (content == other)


def test_the_hash_is_of_the_utf8_bytes() -> None:
    assert canonical.sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert canonical.sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_the_empty_article_is_spelled_so() -> None:
    assert EMPTY == (
        '{"diagnoses":[],"no_do_not_miss_reason":"","presentation":{"clinician":"","patient":""},'
        '"references":[],"schema_version":1,"title":""}'
    )


@pytest.mark.parametrize("text", OLD_HASHES)
def test_an_article_without_later_parts_keeps_the_bytes_that_were_signed(text: str) -> None:
    content = canonical.loads(text)
    assert (content.terms, content.questions) == ((), ())
    assert canonical.dumps(content) == text
    assert canonical.sha256(text) == OLD_HASHES[text]


def test_terms_and_questions_are_part_of_what_is_hashed() -> None:
    term = {"key": "tic", "term": "tic", "meaning": "A sudden small movement."}
    question = {"key": "how-long", "question": "How long may it last?", "answer": "Up to *two* days."}
    text = canonical.dumps(Content.model_validate({"terms": [term], "questions": [question]}))
    assert text == EMPTY[:-1].replace('"references":[],', f'"questions":[{_plain(question)}],"references":[],').replace(
        '"title":""', f'"terms":[{_plain(term)}],"title":""}}'
    )
    assert canonical.loads(text).terms[0].meaning == term["meaning"]


def _plain(part: dict[str, str]) -> str:
    return json.dumps(part, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        EMPTY.replace('"title":""', '"terms":[],"title":""'),
        "{",
        EMPTY + " ",
        EMPTY.replace(",", ", "),
        EMPTY.replace('"title":""', '"title":"","title":""'),
        EMPTY.replace('"title":""', '"title":"\\u00e9"'),
        EMPTY.replace('"title":""', '"title":"e\u0301"'),
        EMPTY.replace('"title":""', '"title":" x"'),
        EMPTY.replace(":1,", ":1.0,"),
        EMPTY.replace(":1,", ":NaN,"),
        EMPTY.replace(":1,", ":true,"),
        EMPTY.replace(":1,", f":{'1' * 5_000},"),
        '{"title":""}',
        "[" * 100_000,
    ],
    ids=lambda text: repr(text[-40:]),
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(canonical.NotCanonical):
        canonical.loads(text)


@pytest.mark.parametrize("text", ["[]", "null", '"x"', EMPTY.replace('"title"', '"name"'), EMPTY.replace(":1,", ":2,")])
def test_json_that_is_no_article_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        canonical.loads(text)
