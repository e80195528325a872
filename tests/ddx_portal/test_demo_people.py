"""The accounts of `make demo` are as those that an invitation makes."""

from django.test import Client

from ddx_portal.demo.people import make_people


def test_demo_people_take_no_address_that_is_not_confirmed(db: None, client: Client) -> None:
    author = make_people("a quiet word")["author@demo.example"]
    client.force_login(author)
    for action in ("action_add", "action_primary"):
        client.post("/accounts/email/", {action: "", "email": "other@demo.example"})
    author.refresh_from_db()
    assert author.email == "author@demo.example"
