"""What a copied web page carries besides its article: menus, status, share buttons, disclaimers.

A page's own claim to have been reviewed is furniture too: a review is never imported.
"""

import re

LONGEST = 1_500

# A whole line (in lower case, without emphasis, bullet or colon) that is a button, a label or an entry of a menu.
_WHOLE = re.compile(
    r"""(?:
      (?:✓|✔|☑|→|»|›|x)?\s*(?:draft|submitted|under\s+review|in\s+review|approved|published|pending(?:\s+(?:human\s+)?review)?)
        (?:\s*(?:on\b|[:✓✔–-])?\s*(?:[a-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+[a-z]{3,9}\.?\s+\d{4}|\d{4}-\d\d-\d\d))?
    | submitted\s*(?:>|→|›|/)?\s*under\s+review\s*(?:>|→|›|/)?\s*approved
    | (?:article\s+)?review\s+status | (?:view|read|see)?\s*(?:our\s+)?editorial\s+(?:policy|process|standards)
    | personali[sz]e(?:\s+.{0,40})? | help\s+us\s+tailor\s+your\s+experience
    | (?:i\s+am\s+)?an?\s+(?:patient|clinician|student|caregiver|healthcare\s+professional|doctor|nurse)
    | patients?\s+(?:or|and)\s+caregivers? | patients? | clinicians? | (?:medical\s+)?students?
    | (?:healthcare|medical)\s+professionals?
    | accept(?:\s+all)?(?:\s+cookies)? | (?:reject|decline|deny)(?:\s+all)?(?:\s+cookies)?
    | necessary\s+cookies\s+only
    | (?:cookie|privacy)\s+(?:settings|preferences|policy|notice) | manage\s+(?:cookies|preferences|consent)
    | got\s+it
    | cookies
    | ddx\s+portal | (?:the\s+)?board | policies | staff\s+sign\s*-?in
    | home(?:page)? | menu | search | close | open\s+menu | about(?:\s+us)? | contact(?:\s+us)? | help | faq | blog
    | news
    | articles | all\s+articles | topics | conditions | symptoms(?:\s+a-z)? | log\s*-?(?:in|out)
    | sign\s*-?(?:in|up|out)
    | register | my\s+account | account | subscribe | newsletter | upgrade | pricing | get\s+started
    | try\s+(?:it\s+)?free
    | skip\s+to\s+(?:main\s+)?content | (?:back\s+)?to\s+top | back | next | previous | (?:next|previous)\s+article
    | (?:table\s+of\s+)?contents | on\s+this\s+page | in\s+this\s+article | jump\s+to(?:\s+section)? | read\s+more
    | show\s+(?:more|less) | see\s+(?:more|all) | learn\s+more | view\s+all | expand\s+all | collapse\s+all
    | share(?:\s+(?:this|on|via|with)\b.{0,40})? | print(?:\s+this\b.{0,20})? | e-?mail(?:\s+this\b.{0,20})? | tweet
    | pin\s+it
    | facebook | twitter | x | linkedin | whatsapp | reddit | instagram | youtube | tiktok | pinterest | telegram
    | copy(?:\s+(?:link|text|url|to\s+clipboard))? | copied!? | save(?:\s+article)? | bookmark | favou?rite | like
    | cite
    | (?:download|export|view)(?:\s+(?:as\s+)?(?:a\s+)?pdf)? | pdf | listen(?:\s+to\s+.{0,40})? | translate | feedback
    | (?:was|is)\s+this\s+.{0,30}(?:helpful|useful)\?? | yes | no | 👍 | 👎
    | thanks?\s+(?:you\s+)?for\s+your\s+feedback!?
    | (?:report|suggest)\s+(?:an?\s+)?(?:error|edit|problem|issue|correction) | rate\s+this\b.{0,30}
    | advertisements? | sponsored(?:\s+content)? | ad | ads\s+by\s+.{0,30} | promoted
    | terms(?:\s+(?:of\s+(?:use|service)|(?:and|&)\s+conditions))? | privacy | accessibility(?:\s+statement)?
    | legal | sitemap
    | (?:terms|privacy)(?:\s*[|•·-]\s*(?:terms|privacy|contact|about))+ | careers | imprint
    | \d+\s*(?:min(?:ute)?s?)\s+read | \d[\d,.]*k?\s+(?:views|shares|likes|comments) | \d+\s+of\s+\d+
    | page\s+\d+(?:\s+of\s+\d+)?
    | loading(?:\s*(?:\.\.\.|…))? | ask(?:\s+a\s+question)? | send | submit | type\s+your\s+question\b.{0,40}
    | (?:ask|enter|have)\s+(?:a|any|your|an?other)?\s*(?:follow-?\s*up\s+)?questions?\b.{0,30}
    )""",
    re.VERBOSE,
)

# How a line of furniture begins.
_BEGINS = re.compile(
    r"""(?:
      (?:last|date|first|next|originally)\s+(?:medically\s+)?(?:updated|reviewed|modified|revised|review|published|review\s+due)\b
    | (?:updated|published|reviewed|posted|modified|created)(?:\s+on)?\s*:?\s*
        (?:[a-z]{3,9}\.?\s+\d|\d{1,2}\s+[a-z]{3,9}\.?\s+\d{4}|\d{4})
    | (?:article\s+)?review\s+status\s*:
    | (?:medically|clinically|peer|expert|fact)[\s-]*(?:reviewed|checked)\b
    | (?:written|reviewed|edited|authored|approved|verified)\s+by\b | (?:author|reviewer|editor)s?\s*:
    | educational\s+purposes?\s+only | for\s+educational\s+purposes?\s+only | exercise\s+caution\s+as\s+content
    | which\s+best\s+describes\s+you | help\s+us\s+(?:tailor|improve) | your\s+choice\s+helps\s+us
    | (?:we|this\s+(?:web)?site)\s+uses?\s+cookies | by\s+(?:continuing|clicking|using\s+this)
    | (?:©|\(c\)\s|copyright\s) | all\s+rights\s+reserved | (?:home|start)\s*[>/»›|•]\s*\S
    | sign\s+up\s+(?:for|to)\s | subscribe\s+to\s | follow\s+us\b | join\s+(?:our|thousands|\d)\b | skip\s+to\s
    | view\s+(?:our\s+)?editorial\s+policy | by\s+(?:the|our)\s+(?:editorial|medical|content)\s+(?:team|staff|board)\b
    | our\s+medical\s+a\.?\s?i\b | ask\s+any\s+follow[\s-]*up | get\s+world-class
    )""",
    re.VERBOSE,
)
_BETWEEN = re.compile(r"\s*[|•·]\s*")
_HOLDS = (
    "medical advisory board",
    "reviewed for accuracy by",
    "view editorial policy",
    "pending human review",
    "substitute for professional medical",
    "substitute for medical advice",
    "intended for healthcare professionals",
    "does not replace professional",
    "liability for clinical decisions",
    "all rights reserved",
    "have a follow-up question",
)

# A heading that opens a part of the page which goes on to the next heading of the article.
_OPENS = re.compile(
    r"""(?:
      (?:(?:professional|general|legal|important|full)\s+)?(?:medical\s+)?disclaimers?(?:\s+for\s+.{0,40})?
    | (?:important\s+)?(?:legal\s+)?notice | have\s+(?:a|any|more|another)\s+(?:follow-?\s*up\s+)?questions?
    | (?:related|similar|recommended|popular|latest|more|recent)\s+
        (?:articles|topics|reading|posts|searches|questions|pages|content|differentials)
    | you\s+(?:may|might)\s+also\s+like | people\s+also\s+(?:ask|search|read).{0,20}
    | (?:leave\s+a\s+)?comments?(?:\s+\d+)?
    | about\s+the\s+(?:author|reviewer|editor)s? | (?:our\s+)?(?:editorial|review)\s+(?:team|board|process|policy)
    | newsletter | stay\s+(?:informed|connected|up\s+to\s+date) | follow\s+us | quick\s+links | site\s+links
    | cookie\s+(?:settings|preferences|notice|consent) | funding(?:\s+statement)? | conflicts?\s+of\s+interest
    | (?:revision|version|article)\s+history | acknowledge?ments?
    )""",
    re.VERBOSE,
)


def is_furniture(text: str) -> bool:
    """Whether a line, in lower case and without marks, is page furniture by itself."""
    if not text or len(text) > LONGEST:
        return False
    if len(text) < 120 and (_WHOLE.fullmatch(text) or _is_menu(text)):
        return True
    return bool(_BEGINS.match(text)) or any(words in text for words in _HOLDS)


def _is_menu(text: str) -> bool:
    """Whether a line is several entries of a menu or a footer in a row."""
    entries = [entry for entry in _BETWEEN.split(text) if entry]
    return len(entries) > 1 and all(_WHOLE.fullmatch(entry) or _BEGINS.match(entry) for entry in entries)


def opens_furniture(words: str) -> bool:
    """Whether a heading, in lower case letters only, begins a part that is furniture to its end."""
    return bool(_OPENS.fullmatch(words))
