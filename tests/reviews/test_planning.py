"""Plans for many articles: made, looked at, changed by hand, sent off once, each article checked again."""

import time
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from articles.models import Article, Priority, Version
from people.models import Absence, BoardProfile, Role, User
from people.rules import today
from reviews import planning
from reviews.carrying_out import carry_out, go_on, progress
from reviews.load import Window
from reviews.models import Assignment, Conflict, Plan
from reviews.planning import make
from tests.factories import (
    administrator,
    assign,
    author,
    board_member,
    editor,
    make_person,
    make_version,
    reread,
    sign,
)
from tests.people.factories import disclose_nothing
from tests.reviews.desks import at_desk, due

pytestmark = pytest.mark.django_db
HERE = "/desk/plans/"


def made(versions: list[Version], by: User, specialists: str = "one") -> Plan:
    return make([v.pk for v in versions], Window.usual(), specialists, by=by)[0]


def names(plan: Plan) -> dict[int, set[str]]:
    """Who is planned for each version."""
    found: dict[int, set[str]] = {}
    for version, name in plan.items.values_list("version", "reviewer__name"):
        found.setdefault(version, set()).update([name] if name else [])
    return found


def asked(version: Version) -> set[str]:
    return set(version.assignments.values_list("reviewer__name", flat=True))


def sent_off(plan: Plan) -> Plan:
    plan.commit(by=plan.made_by)
    return carried_out(plan)


def carried_out(plan: Plan) -> Plan:
    go_on(plan, until=time.monotonic() + 60)
    return Plan.objects.get(pk=plan.pk)


def test_a_plan_from_the_queue_is_made_looked_at_and_sent_off() -> None:
    eve, board = editor(), [board_member(name=name) for name in ("Ada", "Ben", "Chi")]
    versions = [make_version("submitted") for _ in range(3)]
    client = at_desk(eve)
    response = client.post(HERE, {"version": [v.pk for v in versions]})
    plan = Plan.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"{HERE}{plan.pk}/")
    page = client.get(response["Location"]).content.decode()
    assert "Plan for 3 articles" in page
    assert "Nobody has been asked yet." in page
    assert Counter(name for team in names(plan).values() for name in team) == {"Ada": 2, "Ben": 2, "Chi": 2}
    assert not Assignment.objects.exists()
    planned = names(plan)
    for _ in range(2):
        assert client.post(f"{HERE}{plan.pk}/commit/").status_code == 302
    assert Assignment.objects.count() == 6
    assert {v.pk: asked(v) for v in versions} == planned
    assert {reread(v).state for v in versions} == {"under_review"}
    page = client.get(f"{HERE}{plan.pk}/").content.decode()
    assert "Everybody has been asked by e-mail." in page
    assert Plan.objects.get().is_done
    assert {each.invited_by for each in board[0].assignments.all()} == {eve}


def test_only_what_the_editor_may_handle_and_what_lacks_reviewers_is_planned() -> None:
    eve = make_person(roles=[Role.EDITOR, Role.AUTHOR])
    disclose_nothing(eve)
    board_member(), board_member()
    open_one, own = make_version("submitted"), make_version("submitted", author=eve)
    busy, draft = make_version("under_review"), make_version()
    half = make_version("submitted")
    sign(assign(half, [board_member()])[0])
    against = make_version("submitted")
    sign(assign(against, [board_member(), board_member()])[0], "request_changes")
    chosen = [open_one, own, busy, draft, half, against]
    plan, left_out = make([*(v.pk for v in chosen), 10**9], Window.usual(), "one", by=eve)
    assert ({*names(plan)}, left_out) == ({open_one.pk, half.pk}, 5)
    assert [len(team) for team in names(plan).values()] in ([2, 1], [1, 2])
    page = at_desk(eve).post(HERE, {"version": [own.pk, draft.pk]})
    assert page.status_code == 422
    assert "None of the articles chosen waits for reviewers" in page.content.decode()
    assert own.title not in page.content.decode()


def _conflicted(version: Version, user: User) -> None:
    Conflict.objects.declare(version, by=user, reason="Wrote the paper it cites.")


def _away(version: Version, user: User) -> None:
    Absence.objects.add(user, today(), today() + timedelta(30))


def _full(version: Version, user: User) -> None:
    BoardProfile.objects.filter(user=user).update(monthly_limit=0)


@pytest.mark.parametrize(("spoil", "word"), [(_conflicted, "conflict"), (_away, "away"), (_full, "has a full month")])
def test_what_cannot_be_met_is_said_with_why(spoil: Any, word: str) -> None:
    version = make_version("submitted")
    only, other = board_member(), board_member(specialties=["Dermatology"])
    spoil(version, only)
    plan = made([version], editor())
    assert plan.unmet == {
        str(version.pk): f"1 of 2 found. Too few in Neurology can be asked; left out: {plan_word(plan)}."
    }
    assert word in plan_word(plan)
    assert names(plan) == {version.pk: {other.name}}
    assert made([version], editor(), "none").unmet[str(version.pk)].startswith("1 of 2 found. Too few on the board")


def plan_word(plan: Plan) -> str:
    (said,) = plan.unmet.values()
    return str(said).rpartition(": ")[2].rstrip(".")


def test_urgent_articles_come_first_when_there_is_not_room_for_all() -> None:
    versions = [make_version("submitted") for _ in range(3)]
    for _ in range(2):
        BoardProfile.objects.filter(user=board_member()).update(monthly_limit=1)
    Article.objects.filter(pk=versions[2].article_id).update(priority=Priority.URGENT)
    plan = made(versions, editor())
    assert {pk: len(team) for pk, team in names(plan).items()} == {v.pk: 2 * (v == versions[2]) for v in versions}
    full = "Everybody who can be asked has a full month, with what this plan gives them."
    assert plan.unmet == {str(version.pk): full for version in versions[:2]}


def test_a_plan_is_edited_by_hand_with_reasons() -> None:
    eve, version = editor(), make_version("submitted")
    ada, ben, chi = (board_member(name=name) for name in ("Ada", "Ben", "Chi"))
    plan = made([version], eve)
    client, page = at_desk(eve), f"{HERE}{plan.pk}/{version.pk}/"
    out = next(each for each in (ada, ben, chi) if each.name not in names(plan)[version.pk])
    assert f'value="{out.pk}">' in client.get(page).content.decode()
    assert client.post(page, {"reviewers": [out.pk]}).status_code == 302
    assert names(plan) == {version.pk: {out.name}}
    assert client.post(page, {"reviewers": [ada.pk, ben.pk, chi.pk]}).status_code == 302
    text = client.get(f"{HERE}{plan.pk}/").content.decode()
    assert ("Send 3 invitations to 3 reviewers" in text, "Over the limit" in text) == (True, False)
    BoardProfile.objects.filter(user=ada).update(monthly_limit=0)
    assert client.get(f"{HERE}{plan.pk}/").content.decode().count("Over the limit: 1 of 0 this month") == 1
    assert client.post(page, {}).status_code == 302
    assert names(plan) == {version.pk: set()}
    _conflicted(version, ada)
    refused = client.post(page, {"reviewers": [ada.pk, ben.pk]})
    assert refused.status_code == 422
    assert "Ada cannot review this: conflict of interest with this article." in refused.content.decode()
    for nonsense in (["0"], ["x", "\0", "9" * 40], [str(eve.pk)]):
        assert client.post(page, {"reviewers": nonsense}).status_code == 422
    assert names(plan) == {version.pk: set()}


def test_each_article_is_checked_again_when_the_plan_is_sent_off() -> None:
    eve = editor()
    for name in ("Ada", "Ben"):
        board_member(name=name)
    ok, gone, halved = (make_version("submitted") for _ in range(3))
    plan = made([ok, gone, halved], eve)
    gone.move("withdraw", by=gone.article.owner, reason="It stands in another article.")
    _conflicted(halved, User.objects.get(name="Ada"))
    plan = sent_off(plan)
    assert [asked(v) for v in (ok, gone, halved)] == [{"Ada", "Ben"}, set(), {"Ben"}]
    failed = dict(plan.items.exclude(why_failed="").values_list("version", "why_failed"))
    assert failed == {
        gone.pk: "This version is withdrawn: nobody can be assigned.",
        halved.pk: "Ada cannot review this: conflict of interest with this article.",
    }
    assert "Sent off, but not all of it" in at_desk(eve).get(f"{HERE}{plan.pk}/").content.decode()


def test_an_editor_who_lost_the_role_asks_nobody() -> None:
    eve, version = editor(), make_version("submitted")
    board_member(), board_member()
    sent, kept = made([version], eve), made([version], eve)
    sent.commit(by=eve)
    eve.end_role(Role.EDITOR, by=None)
    assert at_desk(eve).post(f"{HERE}{kept.pk}/commit/").status_code == 403
    assert not asked(version)
    plan = carried_out(sent)
    assert plan.items.exclude(why_failed="").count() == 2
    assert not asked(version)


def test_what_does_not_fit_into_the_moment_is_done_by_the_chore() -> None:
    versions = [make_version("submitted") for _ in range(2)]
    board_member(), board_member()
    plan = made(versions, editor())
    assert carry_out() == 0
    plan.commit(by=plan.made_by)
    assert go_on(plan, until=0) == 0
    assert progress(plan) == (0, 0, 4)
    assert "0 of 4 invited. You can leave this page" in at_desk(plan.made_by).get(f"{HERE}{plan.pk}/").content.decode()
    assert (carry_out(), carry_out(), progress(plan)) == (2, 0, (4, 0, 4))


def test_the_list_says_how_many_of_what() -> None:
    short, whole = make_version("submitted"), make_version("submitted")
    board_member(), board_member()
    eve = editor()
    plan = made([short, whole], eve)
    plan.items.filter(pk=plan.items.filter(version=short).values_list("pk")[0][0]).delete()
    Plan.objects.update(unmet={short.pk: "One reviewer is lacking."})
    client = at_desk(eve)

    def line() -> str:
        text = strip_tags(client.get(HERE).content.decode())
        return " ".join(text[text.index("Your plans") :].split())

    assert "Not sent off 2 articles3 to ask1 cannot be metby" in line()
    with CaptureQueriesContext(connection) as one:
        line()
    sent_off(Plan.objects.get())
    made([make_version("submitted")], eve)
    assert "Sent off 2 articles3 of 3 asked1 cannot be metby" in line()
    with CaptureQueriesContext(connection) as two:
        line()
    assert len(one) == len(two)


def test_a_large_plan_is_made_by_the_chore_and_the_page_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SMALL", 1)
    eve, versions = editor(), [make_version("submitted") for _ in range(2)]
    board_member(), board_member()
    client = at_desk(eve)
    here = client.post(HERE, {"version": [v.pk for v in versions]})["Location"]
    plan = Plan.objects.get()

    def poll() -> tuple[str, bool]:
        response = client.get(here, headers={"HX-Request": "true"})
        return response.content.decode(), response.get("HX-Refresh") == "true"

    assert plan.is_being_planned
    page, is_over = poll()
    assert ("Being planned." in page, 'hx-trigger="every 2s"' in page, is_over) == (True, True, False)
    assert "Look again" in page
    assert "Being planned" in client.get(HERE).content.decode()
    for place in ("commit/", f"{versions[0].pk}/"):
        said = client.post(here + place, follow=True).content.decode()
        assert "still being planned: nothing was changed" in said
    assert (carry_out(), carry_out()) == (1, 0)
    page, is_over = poll()
    assert ("Plan for 2 articles" in page, "Being planned" in page, is_over) == (True, False, True)
    assert {len(team) for team in names(plan).values()} == {2}
    assert client.post(f"{here}again/", {**due(5, 9), "specialists": "all"}).status_code == 302
    assert "Being planned." in client.get(here).content.decode()
    assert client.post(f"{here}discard/").status_code == 302
    assert (carry_out(), Plan.objects.count()) == (0, 0)


def test_what_was_found_for_other_dates_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SMALL", 0)
    board_member(), board_member()
    plan = made([make_version("submitted")], editor())
    stale = Plan.objects.get()
    planning.make_anew(plan, Window(today() + timedelta(5), today() + timedelta(9)), "all", by=plan.made_by)
    assert not planning.work_out(stale)
    assert Plan.objects.get().is_being_planned
    assert carry_out() == 1
    assert Plan.objects.get().asks_for == (today() + timedelta(5), today() + timedelta(9), "all")


def test_after_it_is_sent_off_nothing_changes_it() -> None:
    version = make_version("submitted")
    board_member(), board_member()
    plan = sent_off(made([version], editor()))
    client, before = at_desk(plan.made_by), names(plan)
    here = f"{HERE}{plan.pk}/"
    for place, sent in (("again/", due()), ("discard/", {}), (f"{version.pk}/", {"reviewers": []})):
        response = client.post(here + place, sent, follow=True)
        assert "sent off already: nothing was changed" in response.content.decode()
    assert names(plan) == before


def test_planning_anew_and_discarding() -> None:
    version = make_version("submitted")
    ada = board_member(name="Ada")
    board_member(name="Ben")
    plan = made([version], editor())
    client, here = at_desk(plan.made_by), f"{HERE}{plan.pk}/"
    Absence.objects.add(ada, today(), today() + timedelta(10))
    assert client.post(f"{here}again/", {**due(5, 9), "specialists": "all"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.answer_due_on, plan.specialists, names(plan)) == (
        today() + timedelta(5),
        "all",
        {version.pk: {"Ben"}},
    )
    for bad in ({}, {**due(-1, 3), "specialists": "one"}, {**due(), "specialists": "x"}):
        assert client.post(f"{here}again/", bad).status_code == 422
    for seen in ("", "2026-01-01T00:00:00+00:00"):
        said = client.post(f"{here}commit/", {"planned": seen}, follow=True).content.decode()
        assert "planned anew in the meantime" in said
    assert f'name="planned" value="{plan.edition}"' in client.get(here).content.decode()
    Plan.objects.filter(pk=plan.pk).update(answer_due_on=today() - timedelta(1))
    assert "dates of this plan are over" in client.post(f"{here}commit/", follow=True).content.decode()
    assert client.post(f"{here}discard/").status_code == 302
    assert not Plan.objects.exists()


def test_plans_are_for_editors_and_each_is_its_makers_own() -> None:
    version = make_version("submitted")
    plan = made([version], editor())
    here = f"{HERE}{plan.pk}/"
    places = [("get", here), ("post", f"{here}again/"), ("post", f"{here}commit/"), ("post", f"{here}discard/")]
    places += [("get", f"{here}{version.pk}/"), ("post", f"{here}{version.pk}/")]
    for user in (editor(), author(), board_member(), administrator()):
        client = at_desk(user)
        assert {getattr(client, verb)(path).status_code for verb, path in places} == {404}
        assert client.get(HERE).status_code == (200 if user.is_editor else 403)
    assert {getattr(Client(), verb)(path).status_code for verb, path in places} == {302}
    other = make_version("submitted")
    assert at_desk(plan.made_by).get(f"{here}{other.pk}/").status_code == 404


@pytest.mark.parametrize("sent", [{"version": ["x", "-1", "9" * 40, "\0"]}, {"version": ["0"]}, {"specialty": "magic"}])
def test_nonsense_makes_no_plan(sent: dict[str, Any]) -> None:
    make_version("submitted")
    assert at_desk(editor()).post(HERE, sent).status_code == 422
    assert not Plan.objects.exists()


def test_a_plan_has_an_end() -> None:
    with pytest.raises(ValidationError, match="2,000 articles at most"):
        make(range(1, 2_002), Window.usual(), "one", by=editor())


def test_all_that_wait_are_planned_by_specialty_and_priority() -> None:
    eve, client = editor(), at_desk(editor())
    skin = make_version("submitted", specialty="Dermatology")
    urgent = make_version("submitted")
    Article.objects.filter(pk=urgent.article_id).update(priority=Priority.URGENT)
    make_version("submitted")
    for fields, expected in (({"specialty": "Dermatology"}, {skin.pk}), ({"priority": "1"}, {urgent.pk})):
        assert client.post(HERE, fields).status_code == 302
        assert {*names(Plan.objects.latest("pk"))} == expected
    assert "Your plans" in client.get(HERE).content.decode()
    assert "No plan yet" in at_desk(eve).get(HERE).content.decode()


def test_plan_page_costs_the_same_for_many_articles() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    eve = editor()
    for _ in range(3):
        board_member()
    client, costs = at_desk(eve), []
    for count in (2, 7):
        plan = made([make_version("submitted") for _ in range(count)], eve)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{HERE}{plan.pk}/").status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_plan_tells_nothing_of_a_version_that_its_editor_is_to_review_by_now() -> None:
    eve, chief = editor(), editor()
    members = [board_member(name=name) for name in ("Ada", "Ben", "Chi")]
    version, other = make_version("submitted"), make_version("submitted")
    plan = made([version, other], eve)
    both = board_member(name="Eve Both")
    both.grant(Role.EDITOR, by=None)
    Plan.objects.filter(pk=plan.pk).update(made_by=both)
    assign(version, [both, *members[:2]], by=chief)
    client, here = at_desk(both), f"{HERE}{plan.pk}/"
    assert client.get(f"{here}{version.pk}/").status_code == 404
    assert client.get(f"{here}{other.pk}/").status_code == 200
    assert f"version_{version.pk}" not in client.get(here).content.decode()
    assert f"version_{other.pk}" in client.get(here).content.decode()
    assert planning.work_out(Plan.objects.get(pk=plan.pk))
    assert set(plan.items.values_list("version", flat=True)) == {other.pk}


def test_only_its_maker_while_an_editor_commits_discards_and_plans_anew() -> None:
    board_member(), board_member()
    former = editor()
    plan = made([make_version("submitted")], former)
    former.end_role(Role.EDITOR, by=None)
    for by in (former, editor(), board_member()):
        for act in (
            partial(plan.commit, by=by),
            partial(plan.discard, by=by),
            partial(planning.make_anew, plan, Window.usual(), "all", by=by),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert Plan.objects.get().is_open
