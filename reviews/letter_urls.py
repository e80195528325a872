"""Addresses of readers' letters, under /desk/letters/."""

from django.urls import include, path

from reviews.views import letters

app_name = "letters"

letter = [
    path("", letters.letter_page, name="letter"),
    path("take/", letters.take, name="take"),
    path("hand-over/", letters.hand_over, name="hand_over"),
    path("answer/", letters.reply, name="reply"),
    path("close/", letters.close, name="close"),
    path("version/", letters.revise, name="revise"),
]
urlpatterns = [
    path("", letters.letter_list, name="list"),
    path("<int:pk>/", include(letter)),
]
