"""Hypothesis strategies of content: any article, with a taste for texts that look like structure."""

from hypothesis import strategies as st

from content.schema import Content, Diagnosis, DiagnosisText, Presentation, Question, Reference, Term, Tier
from content.text import line, prose

# Lines that mean something to a reader of the published format when they are not escaped.
NASTY = (
    "- item", "* item", "• item", "•", "1. item", "12) item", "a. Item", "- - -", "---", "===", "***", "___", "~~~",
    "# Heading", "## Rare Diagnoses", "### ", "#", "Rare Diagnoses", "Most Likely Diagnosis: Gout", "- Most likely:",
    "**Do Not Miss Diagnoses**", "Single most likely", "Don’t miss", "Rare", "Rare but", "Other likely causes",
    "References", "References:", "References: 1, 3", "References: none", "## References", "Sources: [1]",
    "Red flags:", "- Red flags:", "**Red flags:** fever", "Red flags in plain words:", "Signs: one", "Signs",
    "Readers’ Questions", "## Readers' questions", "Terms:", "## Terms", "Terms explained", "Glossary", "Why? Because",
    "In plain words:", "In Plain Words", "In plain words: soft", "For patients", "Rationale: because", "ICD-10: R25.3",
    "Submitted", "Under Review", "Last updated: August 8, 2025", "We use cookies.", "Share", "Disclaimer", "Home",
    "Reviewed by our Medical Advisory Board.", "Have a follow-up question?", "Overview", "Educational purpose only",
    "Differential Diagnosis for Gout", "Differential Diagnosis", "DDx: gout", "Gout: Differential Diagnosis",
    "None: all benign", "None", "No danger", "There is no reason", "foo [1]", "foo [1, 2].", "[3]", "[4-6] and more",
    "{#key}", "name {#a-b}", "(also do not miss)", "(in plain words: easy)", "[R25.3]", "(ICD-10: R25.3)", "a (b) c",
    "name:", "name -", "name –", "name - :", ": text", "- : text", "one: two — three", "**bold**", "**", "__",
    "_x_", "*",
    "`code`", "``", "[link](https://example.org/a_(b))", "<https://example.org>", "https://example.org/x.", "a > b < c",
    "doi:10.1000/x.", "DOI 10.1000/x", "doi10.1000/182", "10.1000/10.1000/y", "https://doi.org/10.1000/x", "PMID: 12",
    "PMID 12345", "xhttps://y", "PMCID: PMC12", "pmid:1", "\\", "\\\\", "\\- item", "\\Red flags:", "\\\\Rare", "\\#",
    "foo\\", "\\:", "\\ x", "\\*", "  indented", "    code", "> quote", "| a | b |", "Two words", "One. Two. Three.",
    "e\u0301", "\u0301x", "ŉ", "ß", "İ", "ﬁ", "\ufffd", "\ue000", "中文", "שלום", "’", "“quoted”",
    "a\u00a0b", "x\u200by", "=\u0338",
)  # fmt: skip
_ALPHABET = st.sampled_from("ab Z9.:;,-–—*_[](){}<>#\\`'\"!|/=+~^&%$@?•1 \u0301é")

pieces = st.one_of(st.sampled_from(NASTY), st.text(_ALPHABET, max_size=12), st.text(max_size=6))
lines = st.lists(pieces, max_size=3).map(lambda parts: line(" ".join(parts))[:200]).map(line)
entries = lines.filter(bool)
proses = st.lists(
    st.tuples(st.sampled_from(["", "  ", "      "]), st.lists(pieces, max_size=2).map(" ".join)).map("".join),
    max_size=5,
).map(lambda parts: prose("\n".join(parts)))
keys = st.sampled_from(
    ["a", "1", "2", "3", "0", "12", "d-1", "r-1", "gout", "gout-2", "none", "a-b-c", "x" * 80, "10-1000"]
)
codes = st.sampled_from(["R25.3", "A00", "Z99.89", "T50.905A", "M1A.0", "C7B", "QA1.5"])
_PATH = st.text(st.sampled_from("aZ09-._~:/?#[]@!$&'()*+,;=%{}|^`"), min_size=1, max_size=12)
_HOSTS = st.sampled_from(["http://", "https://", "https://doi.org/10.1000/", "https://pubmed.ncbi.nlm.nih.gov/"])
urls = st.one_of(st.just(""), st.tuples(_HOSTS, _PATH).map("".join))
dois = st.one_of(st.just(""), _PATH.map(lambda path: f"10.1000/{path}"))
pmids = st.one_of(st.just(""), st.integers(1, 999_999_999).map(str))


def lists(max_size: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    """Red flags or distinguishing signs."""
    return st.lists(entries, max_size=max_size).map(tuple)


texts = st.builds(DiagnosisText, rationale=proses, red_flags=lists(), distinguishing_signs=lists())


@st.composite
def contents(draw: st.DrawFn, min_diagnoses: int = 0, max_diagnoses: int = 4) -> Content:
    """Any content; with `min_diagnoses=1` any that can be read back from its printed form."""
    reference_keys = draw(st.lists(keys, unique=True, max_size=3))
    diagnosis_keys = draw(st.lists(keys, unique=True, min_size=min_diagnoses, max_size=max_diagnoses))
    cited = st.lists(st.sampled_from(reference_keys), max_size=3) if reference_keys else st.just([])
    return Content(
        title=draw(lines),
        presentation=draw(st.builds(Presentation, clinician=proses, patient=proses)),
        diagnoses=tuple(
            Diagnosis(
                key=key,
                tier=draw(st.sampled_from(Tier)),
                also_do_not_miss=draw(st.booleans()),
                name=draw(lines),
                plain_name=draw(lines),
                codes=tuple(draw(st.lists(codes, max_size=3))),
                clinician=draw(texts),
                patient=draw(texts),
                references=tuple(draw(cited)),
            )
            for key in diagnosis_keys
        ),
        no_do_not_miss_reason=draw(lines),
        references=tuple(
            Reference(key=key, citation=draw(lines), doi=draw(dois), pmid=draw(pmids), url=draw(urls))
            for key in reference_keys
        ),
        questions=tuple(
            Question(key=key, question=draw(lines), answer=draw(proses))
            for key in draw(st.lists(keys, unique=True, max_size=2))
        ),
        terms=tuple(
            Term(key=key, term=line(draw(lines)[:100]), meaning=draw(lines))
            for key in draw(st.lists(keys, unique=True, max_size=3))
        ),
    )
