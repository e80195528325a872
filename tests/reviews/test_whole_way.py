import uuid, datetime as dt
import pytest
from people.models import *
from people import icmje
from articles.models import *
from reviews.models import *
from reviews.states import *
from content.schema import Content
from publications.models import Publication
from ledger.models import Event, chain_hash
from django.utils import timezone
from django.core.exceptions import ValidationError

def person(n, *roles):
    u = User.objects.create_user(f"{n}@example.org", "x", name=n)
    for r in roles: u.grant(r, by=None)
    Disclosure.objects.declare(u, {k: icmje.NONE for k in icmje.KEYS})
    if "reviewer" in roles:
        p = BoardProfile.objects.draft_for(u); t=timezone.now().date()
        p.add_term(t - dt.timedelta(5), t + dt.timedelta(300), by=None)
    return User.objects.get(pk=u.pk)

C = Content(title="Hiccups at night", diagnoses=[
  dict(key="a", tier="most_likely", name="A", clinician=dict(rationale="because a", red_flags=["x"])),
  dict(key="b", tier="do_not_miss", name="B", clinician=dict(rationale="because b")),
])
def test_whole(committed_db):
    author, editor, r1, r2 = person("author","author"), person("editor","editor"), person("r1","reviewer"), person("r2","reviewer")
    v = Article.objects.create_with_draft(C, by=author, specialty="Neurologic")
    v = v.save_draft(C.model_copy(update={"title":"Hiccups all night"}), by=author, based_on=v.revision)
    assert v.title=="Hiccups all night" and v.article.slug=="hiccups-all-night"
    v = v.move("submit", by=author, change_note="", origin="human")
    day = timezone.now().date()
    a1, a2 = Assignment.objects.invite(v, [r1, r2], by=editor, answer_due_on=day, review_due_on=day)
    a1.accept(by=r1)
    f = Finding.make(a1, by=r1, severity="must_fix", body="no", diagnosis_key="a")
    d = a2.sign("approve", content_sha256=v.content_sha256, by=r2, no_conflict=True, key=uuid.uuid4())
    with pytest.raises(ValidationError): a1.sign("approve", content_sha256=v.content_sha256, by=r1, no_conflict=True, key=uuid.uuid4())
    f.close(by=r1)
    d = a1.sign("approve", content_sha256=v.content_sha256, by=r1, no_conflict=True, key=uuid.uuid4())
    v = Version.objects.get(pk=v.pk); assert v.state=="approved"
    p = Publication.objects.page("hiccups-all-night").get()
    print(p.signers, p.history, p.names, p.prose, p.body_html[:100])
    assert Publication.objects.matching("hiccups").count()==1
    n = v.article.start_draft(by=author)
    n = n.save_draft(C.model_copy(update={"title":"Hiccups II"}), by=author, based_on=n.revision)
    n = n.move("submit", by=author, change_note="more", origin="human")
    for a, u in zip(Assignment.objects.invite(n, [r1, r2], by=editor, answer_due_on=day, review_due_on=day), (r1, r2)):
        a.sign("approve", content_sha256=n.content_sha256, by=u, no_conflict=True, key=uuid.uuid4())
    p = Publication.objects.page("hiccups-all-night").get(); assert p.number==2 and len(p.history)==2
    Version.objects.get(pk=n.pk).move("retract", by=editor, reason="wrong")
    p = Publication.objects.page("hiccups-all-night").get(); assert p.is_retracted; print(p.notice)
    for e in Event.objects.all().values(): 
        assert chain_hash(e)==e["hash"]; print(e["seq"], e["kind"], e["payload"])
