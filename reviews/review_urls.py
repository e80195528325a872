"""Addresses of reviewers and of findings; part of the namespace `reviews`, under /desk/."""

from django.urls import include, path

from reviews.views import answering, checklist, findings, record, reviewing, signing

assignment = [
    path("", reviewing.review, name="review"),
    path("accept/", reviewing.accept, name="accept_invitation"),
    path("decline/", reviewing.decline, name="decline_invitation"),
    path("read/", reviewing.mark_read, name="mark_read"),
    path("findings/", reviewing.make_finding, name="make_finding"),
    path("note/", signing.keep_note, name="keep_note"),
    path("sign/", signing.sign, name="sign"),
    path("sign/close/<int:finding>/", signing.close_before_signing, name="close_before_signing"),
    path("signed/", signing.signed, name="signed"),
]
finding = [
    path("answer/", findings.answer, name="answer_finding"),
    path("draft/", findings.keep_answer, name="keep_answer"),
    path("accept/", findings.accept, name="accept_wording"),
    path("close/", findings.close, name="close_finding"),
]
by_mail = [
    path("accept/", answering.accept, name="accept_by_mail"),
    path("decline/", answering.decline, name="decline_by_mail"),
]
urlpatterns = [
    path("reviews/", record.record, name="record"),
    path("reviews/certificate/", record.certificate, name="certificate"),
    path("reviews/answer/<str:token>/", include(by_mail)),
    path("reviews/<int:pk>/", include(assignment)),
    path("findings/<int:pk>/", include(finding)),
    path("articles/<int:article_id>/v/<int:number>/findings/", findings.of_version, name="findings_of"),
    path("checklist/", checklist.checklist, name="checklist"),
    path("checklist/<int:pk>/retire/", checklist.retire, name="retire_statement"),
]
