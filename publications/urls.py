"""The addresses of the public site."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from publications.printing import Reader
from publications.views import (
    articles,
    board,
    certificates,
    diagnoses,
    finding,
    interchange,
    letters,
    machines,
    policies,
    printing,
    questions,
)

app_name = "publications"


class ReaderConverter:
    """The name of a PDF: who it is for."""

    regex = "|".join(Reader)

    def to_python(self, value: str) -> Reader:
        return Reader(value)

    def to_url(self, value: Reader) -> str:
        return value.value


register_converter(ReaderConverter, "reader")

version_patterns: list[URLPattern | URLResolver] = [
    path("", articles.version, name="version"),
    path("<reader:reader>.pdf", printing.version_pdf, name="version_pdf"),
    path("jats.xml", interchange.version_jats, name="version_jats"),
    path("provenance.json", articles.version_provenance, name="version_provenance"),
    path("report/", letters.version_report, name="version_report"),
]

article_patterns: list[URLPattern | URLResolver] = [
    path("", articles.article, name="article"),
    path("<reader:reader>.pdf", printing.page_pdf, name="pdf"),
    path("card.png", printing.card, name="card"),
    path("v/<int:number>/", include(version_patterns)),
    path("history/", articles.history, name="history"),
    path("ask/", questions.ask, name="ask"),
    path("report/", letters.report, name="report"),
    path("question/send/", letters.send_question, name="send_question"),
    path("jats.xml", interchange.page_jats, name="jats"),
    path("provenance.json", articles.page_provenance, name="provenance"),
]

urlpatterns = [
    path("", finding.home, name="home"),
    path("search/", finding.search, name="search"),
    path("suggest/", diagnoses.suggest, name="suggest"),
    path("diagnoses/", diagnoses.diagnoses, name="diagnoses"),
    path("diagnoses/<slug:slug>/", diagnoses.diagnosis, name="diagnosis"),
    path("articles/<slug:slug>/", include(article_patterns)),
    path("board/", board.board, name="board"),
    path("board/<slug:slug>/", board.member, name="member"),
    path("policies/", policies.policies, name="policies"),
    path("policies/<slug:name>/", policies.policy, name="policy"),
    path("policies/<slug:name>/history/", policies.policy_history, name="policy_history"),
    path("policies/<slug:name>/v/<int:number>/", policies.policy_version, name="policy_version"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("feed.atom", machines.feed, name="feed"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", machines.sitemap_part, name="sitemap_part"),
    path("sitemap-diagnoses-<slug:first>.xml", machines.sitemap_diagnoses, name="sitemap_diagnoses"),
    path("provenance-keys.json", articles.provenance_keys, name="provenance_keys"),
    path("robots.txt", machines.robots, name="robots"),
]
