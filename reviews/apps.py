from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from ledger.subjects import Lender, lend
        from reviews import letter_mail, notice_mail, rereview_mail  # noqa: F401 - they make their kinds of mail known
        from reviews.naming import name_versions, withheld_events

        lend(Lender(name_versions, withheld_events))
