from typing import Any

from django.db import migrations

ITEMS = (
    (
        "accuracy",
        "What it says is correct.",
        "Diagnoses, tiers, codes, red flags and signs agree with what you know and with the sources.",
    ),
    (
        "do-not-miss-complete",
        "No diagnosis that must not be missed is missing.",
        "Each one says when to act, and nothing that can do harm by waiting stands in another tier unmarked.",
    ),
    (
        "references",
        "The references are current and support what is said.",
        "No newer guideline says otherwise; each source says what the text takes from it.",
    ),
    (
        "plain-text",
        "The text for patients says the same as the text for clinicians.",
        "In plain words, without false comfort, and with the same warning signs.",
    ),
)


def seed(apps: Any, schema_editor: Any) -> None:
    items = apps.get_model("reviews", "ChecklistItem").objects
    for position, (key, statement, more) in enumerate(ITEMS, start=1):
        items.get_or_create(key=key, defaults={"statement": statement, "help": more, "position": position})


def unseed(apps: Any, schema_editor: Any) -> None:
    """By the owner, whom the guard against deleting does not spare: it is lifted for this."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reviews_checklistitem DISABLE TRIGGER kept")
        cursor.execute("DELETE FROM reviews_checklistitem WHERE key = ANY(%s)", [[key for key, *_ in ITEMS]])
        cursor.execute("ALTER TABLE reviews_checklistitem ENABLE TRIGGER kept")


class Migration(migrations.Migration):
    dependencies = (("reviews", "0006_findings"),)
    operations = (migrations.RunPython(seed, unseed),)
