"""The medical specialties of schema.org (release 30.0): what an article is about and a board member knows."""

from django.db import models


class MedicalSpecialty(models.TextChoices):
    """The 41 values of https://schema.org/MedicalSpecialty that are not superseded, with plain labels."""

    ANESTHESIA = "Anesthesia", "Anaesthesia"
    CARDIOVASCULAR = "Cardiovascular", "Cardiovascular medicine"
    COMMUNITY_HEALTH = "CommunityHealth", "Community health"
    DENTISTRY = "Dentistry", "Dentistry"
    DERMATOLOGY = "Dermatology", "Dermatology"
    DIET_NUTRITION = "DietNutrition", "Diet and nutrition"
    EMERGENCY = "Emergency", "Emergency medicine"
    ENDOCRINE = "Endocrine", "Endocrinology"
    GASTROENTEROLOGIC = "Gastroenterologic", "Gastroenterology"
    GENETIC = "Genetic", "Genetics"
    GERIATRIC = "Geriatric", "Geriatrics"
    GYNECOLOGIC = "Gynecologic", "Gynaecology"
    HEMATOLOGIC = "Hematologic", "Haematology"
    INFECTIOUS = "Infectious", "Infectious diseases"
    LABORATORY_SCIENCE = "LaboratoryScience", "Laboratory science"
    MIDWIFERY = "Midwifery", "Midwifery"
    MUSCULOSKELETAL = "Musculoskeletal", "Musculoskeletal medicine"
    NEUROLOGIC = "Neurologic", "Neurology"
    NURSING = "Nursing", "Nursing"
    OBSTETRIC = "Obstetric", "Obstetrics"
    ONCOLOGIC = "Oncologic", "Oncology"
    OPTOMETRIC = "Optometric", "Optometry"
    OTOLARYNGOLOGIC = "Otolaryngologic", "Ear, nose and throat"
    PATHOLOGY = "Pathology", "Pathology"
    PEDIATRIC = "Pediatric", "Paediatrics"
    PHARMACY_SPECIALTY = "PharmacySpecialty", "Pharmacy"
    PHYSIOTHERAPY = "Physiotherapy", "Physiotherapy"
    PLASTIC_SURGERY = "PlasticSurgery", "Plastic surgery"
    PODIATRIC = "Podiatric", "Podiatry"
    PRIMARY_CARE = "PrimaryCare", "Primary care"
    PSYCHIATRIC = "Psychiatric", "Psychiatry"
    PUBLIC_HEALTH = "PublicHealth", "Public health"
    PULMONARY = "Pulmonary", "Respiratory medicine"
    RADIOGRAPHY = "Radiography", "Radiography"
    RENAL = "Renal", "Nephrology"
    RESPIRATORY_THERAPY = "RespiratoryTherapy", "Respiratory therapy"
    RHEUMATOLOGIC = "Rheumatologic", "Rheumatology"
    SPEECH_PATHOLOGY = "SpeechPathology", "Speech pathology"
    SURGICAL = "Surgical", "Surgery"
    TOXICOLOGIC = "Toxicologic", "Toxicology"
    UROLOGIC = "Urologic", "Urology"

    @classmethod
    def by_label(cls) -> list[tuple[str, str]]:
        """The choices as people look for them: in the order of their labels."""
        return sorted(((value, str(label)) for value, label in cls.choices), key=lambda choice: choice[1])
