"""Users, roles, the board, declarations and invitations."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import people.icmje
import people.models.invitations
import people.orcid
import people.rules


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ("name", "email"),
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_unique_in_any_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "credentials",
                    models.CharField(blank=True, help_text="Degrees as you write them after your name.", max_length=80),
                ),
                ("job_title", models.CharField(blank=True, max_length=120)),
                ("institution", models.CharField(blank=True, max_length=160)),
                (
                    "specialties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("Anesthesia", "Anaesthesia"),
                                ("Cardiovascular", "Cardiovascular medicine"),
                                ("CommunityHealth", "Community health"),
                                ("Dentistry", "Dentistry"),
                                ("Dermatology", "Dermatology"),
                                ("DietNutrition", "Diet and nutrition"),
                                ("Emergency", "Emergency medicine"),
                                ("Endocrine", "Endocrinology"),
                                ("Gastroenterologic", "Gastroenterology"),
                                ("Genetic", "Genetics"),
                                ("Geriatric", "Geriatrics"),
                                ("Gynecologic", "Gynaecology"),
                                ("Hematologic", "Haematology"),
                                ("Infectious", "Infectious diseases"),
                                ("LaboratoryScience", "Laboratory science"),
                                ("Midwifery", "Midwifery"),
                                ("Musculoskeletal", "Musculoskeletal medicine"),
                                ("Neurologic", "Neurology"),
                                ("Nursing", "Nursing"),
                                ("Obstetric", "Obstetrics"),
                                ("Oncologic", "Oncology"),
                                ("Optometric", "Optometry"),
                                ("Otolaryngologic", "Ear, nose and throat"),
                                ("Pathology", "Pathology"),
                                ("Pediatric", "Paediatrics"),
                                ("PharmacySpecialty", "Pharmacy"),
                                ("Physiotherapy", "Physiotherapy"),
                                ("PlasticSurgery", "Plastic surgery"),
                                ("Podiatric", "Podiatry"),
                                ("PrimaryCare", "Primary care"),
                                ("Psychiatric", "Psychiatry"),
                                ("PublicHealth", "Public health"),
                                ("Pulmonary", "Respiratory medicine"),
                                ("Radiography", "Radiography"),
                                ("Renal", "Nephrology"),
                                ("RespiratoryTherapy", "Respiratory therapy"),
                                ("Rheumatologic", "Rheumatology"),
                                ("SpeechPathology", "Speech pathology"),
                                ("Surgical", "Surgery"),
                                ("Toxicologic", "Toxicology"),
                                ("Urologic", "Urology"),
                            ],
                            max_length=32,
                        ),
                        blank=True,
                        default=list,
                    ),
                ),
                (
                    "orcid",
                    models.CharField(
                        blank=True, max_length=19, validators=[people.orcid.validate], verbose_name="ORCID"
                    ),
                ),
                ("bio", models.TextField(blank=True, max_length=2000)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="board_profile",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("user__name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="BoardTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_early_on", models.DateField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="people.boardprofile"
                    ),
                ),
            ],
            options={
                "ordering": ("starts_on",),
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reopened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("closed_at",),
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500)),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts_of_others",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-declared_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("items", models.JSONField(validators=[people.icmje.validate])),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "valid_until",
                    models.GeneratedField(
                        db_persist=True,
                        expression=people.rules.YearsAfterMoment(models.F("declared_at")),
                        output_field=models.DateField(),
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-declared_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254)),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("author", "Author"),
                                ("editor", "Editor"),
                                ("reviewer", "Reviewer"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=16,
                        )
                    ),
                ),
                ("message", models.TextField(blank=True, max_length=2000)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sendings", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(default=people.models.invitations.fourteen_days_from_now)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "Author"),
                            ("editor", "Editor"),
                            ("reviewer", "Reviewer"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=16,
                    ),
                ),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="role_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("granted_at", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="boardprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("orcid", ""), ("orcid__regex", "^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]$"), _connector="OR"
                ),
                name="boardprofile_orcid_shape",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardprofile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("orcid", ""), _negated=True), fields=("orcid",), name="boardprofile_orcid_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="boardprofile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "specialties__contained_by",
                        [
                            "Anesthesia",
                            "Cardiovascular",
                            "CommunityHealth",
                            "Dentistry",
                            "Dermatology",
                            "DietNutrition",
                            "Emergency",
                            "Endocrine",
                            "Gastroenterologic",
                            "Genetic",
                            "Geriatric",
                            "Gynecologic",
                            "Hematologic",
                            "Infectious",
                            "LaboratoryScience",
                            "Midwifery",
                            "Musculoskeletal",
                            "Neurologic",
                            "Nursing",
                            "Obstetric",
                            "Oncologic",
                            "Optometric",
                            "Otolaryngologic",
                            "Pathology",
                            "Pediatric",
                            "PharmacySpecialty",
                            "Physiotherapy",
                            "PlasticSurgery",
                            "Podiatric",
                            "PrimaryCare",
                            "Psychiatric",
                            "PublicHealth",
                            "Pulmonary",
                            "Radiography",
                            "Renal",
                            "RespiratoryTherapy",
                            "Rheumatologic",
                            "SpeechPathology",
                            "Surgical",
                            "Toxicologic",
                            "Urologic",
                        ],
                    )
                ),
                name="boardprofile_specialties_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardterm",
            constraint=models.UniqueConstraint(fields=("profile", "starts_on"), name="boardterm_one_start_a_day"),
        ),
        migrations.AddConstraint(
            model_name="boardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="boardterm_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="boardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__lte", people.rules.YearsAfter(models.F("starts_on"), 3))),
                name="boardterm_three_years_at_most",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_early_on", None),
                    models.Q(
                        ("ended_early_on__gte", models.F("starts_on")), ("ended_early_on__lte", models.F("ends_on"))
                    ),
                    _connector="OR",
                ),
                name="boardterm_early_end_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="boardterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_by", None), ("ended_early_on__isnull", False), _connector="OR"),
                name="boardterm_ended_by_needs_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopened_at", None)), fields=("user",), name="closure_one_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reopened_at", None), ("reopened_by", None)),
                    models.Q(("reopened_at__isnull", False), ("reopened_by__isnull", False)),
                    _connector="OR",
                ),
                name="closure_reopened_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("user", "person"),
                name="conflict_one_standing_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", models.F("person")), _negated=True), name="conflict_with_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="conflict_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="conflict_withdrawn_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="disclosure",
            index=models.Index(fields=["user", "-valid_until"], name="disclosure_user_valid_until"),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "items__has_keys",
                        [
                            "support",
                            "grants",
                            "royalties",
                            "consulting",
                            "honoraria",
                            "testimony",
                            "travel",
                            "patents",
                            "safety_boards",
                            "leadership",
                            "stock",
                            "equipment",
                            "other",
                        ],
                    )
                ),
                name="disclosure_all_items",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("accepted_at", None), ("cancelled_at", None)),
                name="invitation_one_waiting_per_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("roles__contained_by", ["author", "editor", "reviewer", "administrator"])),
                name="invitation_roles_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(condition=models.Q(("roles__len__gt", 0)), name="invitation_has_roles"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted_at", None), ("accepted_by", None)),
                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_accepted_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("cancelled_by", None)),
                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_cancelled_paired",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("cancelled_at", None), _connector="OR"),
                name="invitation_not_both_accepted_and_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("user", "role"), name="rolegrant_one_running_per_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["author", "editor", "reviewer", "administrator"])),
                name="rolegrant_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_by", None), ("ended_at__isnull", False), _connector="OR"),
                name="rolegrant_ended_by_needs_ended_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("granted_at")), _connector="OR"),
                name="rolegrant_ends_after_start",
            ),
        ),
    ]
