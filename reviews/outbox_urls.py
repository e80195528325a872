"""Addresses of the outbox, under /desk/outbox/."""

from django.urls import include, path

from reviews.views import outbox

app_name = "outbox"

message = [
    path("", outbox.message_page, name="message"),
    path("hold/", outbox.hold, name="hold"),
    path("release/", outbox.release, name="release"),
    path("send-now/", outbox.send_now, name="send_now"),
    path("send-again/", outbox.send_again, name="send_again"),
]
urlpatterns = [
    path("", outbox.message_list, name="list"),
    path("steer/", outbox.steer_many, name="steer_many"),
    path("<int:pk>/", include(message)),
]
