"""Words that patients stumble over, and plainer ones: in the spirit of the NHS content standard, in our own choice."""

PLAINER = {
    "abdomen": "belly", "abdominal": "belly", "accumulate": "build up", "acute": "sudden", "additional": "more",
    "additionally": "also", "administer": "give", "administered": "given", "adverse": "harmful", "alleviate": "ease",
    "analgesic": "painkiller", "analgesics": "painkillers", "anterior": "front", "anxiety": "worry",
    "approximately": "about", "assistance": "help", "asymptomatic": "without symptoms", "benign": "harmless",
    "bilateral": "on both sides", "cardiac": "heart", "cerebral": "brain", "characterised": "marked",
    "characterized": "marked", "chronic": "long-lasting", "clinician": "doctor", "commence": "start",
    "complication": "problem", "complications": "problems", "consequently": "so", "consult": "see",
    "consume": "eat or drink", "contagious": "catching", "demonstrate": "show", "deteriorate": "get worse",
    "deterioration": "getting worse", "diagnosed": "found", "diminish": "lessen", "discontinue": "stop",
    "dizziness": "feeling dizzy", "duration": "length", "elevated": "high", "evaluate": "check", "evaluation": "check",
    "examination": "check-up", "exacerbate": "make worse", "experience": "have", "experiencing": "having",
    "facilitate": "help", "fatigue": "tiredness", "febrile": "with a fever", "fracture": "broken bone",
    "frequently": "often", "gastric": "stomach", "haemorrhage": "bleeding", "hemorrhage": "bleeding",
    "hepatic": "liver", "hypertension": "high blood pressure", "hypotension": "low blood pressure",
    "immediately": "at once", "indicate": "show", "indicates": "shows", "inflammation": "swelling and soreness",
    "inflamed": "sore and swollen", "initial": "first", "initially": "at first", "intermittent": "on and off",
    "intermittently": "on and off", "investigate": "look into", "investigation": "test", "investigations": "tests",
    "involuntary": "not under your control", "laceration": "cut", "lesion": "sore", "localised": "in one place",
    "localized": "in one place", "malignant": "cancerous", "medication": "medicine", "medications": "medicines",
    "monitor": "watch", "nausea": "feeling sick", "neurological": "nerve", "numerous": "many", "obtain": "get",
    "occasionally": "now and then", "occur": "happen", "occurs": "happens", "ocular": "eye", "oedema": "swelling",
    "edema": "swelling", "onset": "start", "palpitations": "a racing heart", "paralysis": "loss of movement",
    "persist": "last", "persistent": "lasting", "persists": "lasts", "physician": "doctor", "physicians": "doctors",
    "posterior": "back", "practitioner": "doctor or nurse", "previously": "before", "prior": "before",
    "progressive": "getting worse", "progressively": "more and more", "pulmonary": "lung", "radiate": "spread",
    "radiates": "spreads", "recurrent": "coming back", "renal": "kidney", "require": "need", "requires": "needs",
    "respiratory": "breathing", "respiration": "breathing", "sensation": "feeling", "severe": "very bad",
    "significant": "large", "significantly": "much", "spontaneously": "by itself", "subsequently": "later",
    "sufficient": "enough", "symptomatic": "with symptoms", "syncope": "fainting", "therapeutic": "healing",
    "therapy": "treatment", "thrombosis": "blood clot", "trauma": "injury", "unilateral": "on one side",
    "utilise": "use", "utilize": "use", "vertigo": "a spinning feeling", "vomiting": "being sick",
}  # fmt: skip

# Three syllables or more, and yet known to everybody: they count, but nobody is asked to do without them.
_FAMILIAR = """
    accident after afternoon already altogether animal another any anybody anymore anyone anything area average
    banana beginning capital chemical children colourful company completely computer condition conditions daily
    dangerous december decided delivery dentist diabetes diagnoses diagnosis difference different doctor easily
    eleven emergency energy enemy especially even evening every everybody everyone everything exactly example
    examples exercise family february finally following forgotten generally happening happily holiday hospital
    however idea ideas important imagine january medical medicine medicines memory minute natural naturally nobody
    november october opening operation overnight possible possibly potato pregnancy pregnant probably problem radio
    really recently remember saturday september serious seriously seventy several similar somebody someone something
    sometimes special stomach suddenly telephone television temperature together tomorrow treatment understand
    underneath until unusual usual usually vegetable vegetables video visiting whatever whenever yesterday
"""
FAMILIAR = frozenset(_FAMILIAR.split())
