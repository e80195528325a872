"""Addresses of people, under /desk/people/."""

from django.urls import include, path

from people.views import availability, directory, invitations, own

app_name = "people"

me = [
    path("", own.me, name="me"),
    path("mail/", own.mail, name="mail"),
    path("availability/", availability.availability, name="availability"),
    path("availability/add/", availability.add_absence, name="add_absence"),
    path("availability/limit/", availability.set_limit, name="set_limit"),
    path("availability/<int:pk>/", availability.change_absence, name="change_absence"),
    path("availability/<int:pk>/remove/", availability.remove_absence, name="remove_absence"),
    path("disclosure/", own.disclosure, name="disclosure"),
    path("conflicts/", own.conflicts, name="conflicts"),
    path("conflicts/<int:pk>/withdraw/", own.withdraw_conflict, name="withdraw_conflict"),
]
person = [
    path("", directory.person_detail, name="detail"),
    path("profile/", directory.edit_profile, name="edit_profile"),
    path("roles/<str:role>/grant/", directory.grant_role, name="grant_role"),
    path("roles/<str:role>/end/", directory.end_role, name="end_role"),
    path("terms/add/", directory.add_term, name="add_term"),
    path("terms/<int:term_pk>/end/", directory.end_term, name="end_term"),
    path("deactivate/", directory.deactivate, name="deactivate"),
    path("activate/", directory.activate, name="activate"),
]
urlpatterns = [
    path("", directory.person_list, name="list"),
    path("invite/", invitations.invite, name="invite"),
    path("invitations/<uuid:pk>/cancel/", invitations.cancel_invitation, name="cancel_invitation"),
    path("invitations/<uuid:pk>/send/", invitations.resend_invitation, name="resend_invitation"),
    path("me/", include(me)),
    path("<int:pk>/", include(person)),
]
