"""The addresses of the author's desk, under /desk/."""

from django.urls import include, path

from articles.views import autosaving, batches, codes, editing, intake, kept, reading, sources, steps, traffic

app_name = "articles"

version = [
    path("edit/", editing.edit, name="edit"),
    path("edit/autosave/", autosaving.autosave, name="autosave"),
    path("edit/pulse/", autosaving.pulse, name="pulse"),
    path("edit/forget/", autosaving.forget, name="forget"),
    path("edit/restore/", editing.restore, name="restore"),
    path("edit/take-theirs/", editing.take_theirs, name="take_theirs"),
    path("edit/preview/", reading.preview_pane, name="preview_pane"),
    path("preview/", reading.preview, name="preview"),
    path("source/", intake.source, name="source"),
    path("text.md", reading.text, name="text"),
    path("submit/", steps.submit, name="submit"),
    path("withdraw/", steps.withdraw, name="withdraw"),
    path("discard/", steps.discard, name="discard"),
]
batch = [
    path("", batches.batch, name="batch"),
    path("add/", batches.add_files, name="add_files"),
    path("stop/", batches.stop, name="stop_batch"),
    path("retry/", batches.retry, name="retry_batch"),
    path("drop/", batches.drop, name="drop_batch"),
    path("report.csv", batches.report, name="batch_report"),
]
urlpatterns = [
    path("traffic/", traffic.traffic, name="traffic"),
    path("traffic/note/", traffic.note_traffic, name="note_traffic"),
    path("intake/", batches.intake, name="intake"),
    path("intake/<int:pk>/", include(batch)),
    path("intake/files/<int:pk>/", batches.download, name="intake_file"),
    path("intake/files/<int:pk>/again/", batches.again, name="intake_again"),
    path("intake/files/<int:pk>/take/", batches.take_known, name="take_known"),
    path("kept/", kept.kept_texts, name="kept_texts"),
    path("kept/<int:pk>/", kept.kept_text, name="kept_text"),
    path("kept/<int:pk>/text/", kept.kept_file, name="kept_file"),
    path("kept/<int:pk>/forget/", kept.forget_kept_text, name="forget_kept_text"),
    path("articles/new/", intake.new, name="new"),
    path("articles/new/empty/", intake.start_empty, name="start_empty"),
    path("articles/<int:article_id>/revise/", steps.revise, name="revise"),
    path("articles/<int:article_id>/v/<int:number>/", include(version)),
    path("codes/", codes.codes, name="codes"),
    path("sources/", sources.sources, name="sources"),
    path("markdown/", reading.markdown, name="markdown"),
]
