-- The policies that a new portal begins with. These words stay as they are: whoever wants others publishes a next version
-- from the desk, and `verify_ledger` knows these by their hashes (ledger/policies.py).

INSERT INTO pub.policy (name, number, title, body, change_note, published_by) VALUES
('editorial', 1, 'Editorial policy', $words$DDx Portal publishes differential diagnoses: for one symptom, what is most likely, what else it can be, what must not be missed and what is rare. Nothing is public until members of the Medical Advisory Board have read and signed it.

## From draft to page

1. **Submitted.** An author hands in a version, with a note on what changed and how it was made. From that moment its text cannot be altered by anyone.
2. **Under review.** An editor asks members of the board to read it. Someone who wrote it, who has declared a conflict with its author, whose term has ended or whose declaration of interests is out of date cannot be asked.
3. **Approved.** At least two board members must sign the same text. If any of them asks for changes, the author writes a new version, and it is read again.

## What a signature means

A signature is bound to a fingerprint (SHA-256) of the exact text the reviewer read. If one letter were different, the signature would not fit. Nobody, administrators included, can publish a text without the signatures. Each page shows who signed and when, and lets you check the fingerprint.

## Structure

Each article names exactly one most likely diagnosis, and at least one that must not be missed, or says why there is none. Texts for patients and for clinicians are both written by people responsible for them and are signed together; neither is simplified by a machine after approval.

## Keeping it current

Every page says when it was last reviewed and when the next review is due. An overdue page stays up and says so. Correcting a page needs a new version and new signatures; the older version stays readable at its own address.

## What this site is not

It informs. It does not replace an examination by a clinician, and it is not complete.$words$, '', ''),
('corrections', 1, 'Corrections and retractions', $words$An approved text is never changed in place. What is wrong is put right in the open.

## Corrections

When something in an approved text is wrong, an editor posts a correction: a notice above the text that says what is wrong, what is right, and how the mistake came to light. It stands there at once, and the article is marked in lists and search. The signed text below it stays as it is.

The text itself is put right by a new version. It says what changed and why, is read again, and needs as many signatures as the first. When it is approved it takes the place of the old version at the same address. The old one stays at its own address, marked as replaced, with its notices.

## Expressions of concern

While a serious doubt about a text is being looked into, an editor posts an expression of concern. It says what is in doubt and what readers should do meanwhile. It stands until a later notice ends it: it is lifted when the doubt turns out to be unfounded, or ended by a correction or a retraction. Afterwards it stays readable, with what ended it.

## Retractions

When an article can no longer be relied on, an editor retracts it and gives the reason. At that moment:

- its text no longer stands at its address,
- its title carries the word RETRACTED,
- a notice says who retracted it, when and why,
- it leaves the search, the lists, the feed and the sitemap,
- the retracted version stays readable at its own address, as a record, with the notice above it.

A retraction is not a judgement of anyone's honesty. Most follow from mistakes or from sources that turned out to be wrong.

## The record

Each step of each version (submission, review, signatures, notices, replacement, retraction) is written into a log that can be added to and not altered. Every entry contains the fingerprint of the one before it, so a missing or changed entry can be found.

## History

Under “What changed”, every article lists its approved versions with dates and reasons.$words$, '', ''),
('conflicts', 1, 'Conflicts of interest', $words$Readers should know what might have swayed those who write and review.

## Declarations

Authors and board members declare their interests under the thirteen headings of the International Committee of Medical Journal Editors: among them grants, fees, patents, stock, travel and unpaid roles. Each heading needs an answer; “none” is an answer too. A declaration is valid for 12 months. Without a current one, an author cannot submit and a board member cannot be asked to review.

## What it leads to

- Nobody reviews their own work. The database itself refuses it.
- Nobody reviews work by a person with whom they have declared a conflict.
- Board members have terms; after the end of a term they are not asked again. Their past reviews stay attributed to them.

## What you can see

Every approved page shows what those behind it had declared, “none declared” included:

- the author, and whoever else has worked on the text, by name: as of the day when the text was handed in, or that nothing was declared by then,
- each board member who signed it: as of the time of signing.

## What we cannot know

Declarations rest on the word of those who make them. We do not search for undeclared interests. If you know of one, tell the publisher; an editor can ask for another review or retract the article.$words$, '', ''),
('ai-use', 1, 'Use of AI', $words$Some articles begin as drafts by AI. No AI decides what is published.

## What is disclosed

Whoever submits a version states how it was made: written by a person, written with the help of AI, or drafted by AI, and with which tool. Each approved page shows that statement under “How this was made”.

## Who answers for it

A named author submits every version and answers for it, also when AI drafted it. At least two members of the Medical Advisory Board, who did not write it, read the whole of it and sign that exact text. AI cannot be an author, a reviewer or an editor here.

## What the software itself does

- It parses, formats and compares texts by fixed rules. It does not write medical text.
- It shows an approved text as it was signed. The page is not rewritten, shortened or translated by AI after approval, and the text for patients is written and signed as such, not made from the other at the moment you read it.
- It does not answer questions about your own case.

## Why we take drafts by AI at all

They can save time, and they can be wrong in ways that sound right. That is why the rule for them is the same as for any other draft: nobody sees it until qualified people have signed it.$words$, '', ''),
('privacy', 1, 'Privacy', $words$Reading this site needs no account, and we have built it to learn as little about you as we can.

## Readers

- Public pages set no cookies and load nothing from other companies: no analytics, no advertising, no outside fonts or scripts.
- If you choose “patient or caregiver”, “clinician” or “student”, your browser remembers it on your own device. It is sent to us only together with a follow-up question, so that we can quote the text that is written for you.
- A follow-up question is read by a program of ours in order to answer it, and forgotten with the answer: it is not stored, not written into any log, not part of any address, and not passed on. It reaches the editors only if you press “Send the question to the editors” and then send it. Age, sex and measured values in it are not used.
- What you type into the search box is sent to us as part of the page address, so that we can answer it. Please do not type names or personal details.
- Like any web server, ours may note the address a request came from, the page asked for and the time, to keep the service running and to stop abuse.

## Letters to the editors

- You can report a problem or ask a question without an account. We keep what you write, the article it is about and the time; your e-mail address only if you give it and agree that the editors may answer you there.
- Editors read your letter; nobody else does. Nothing of it becomes public. If a question of general interest is answered in an article, it is put in the editors’ own words first.
- Your address is deleted 30 days after your letter is closed, and a year after you wrote at the latest. The words are deleted a year after the letter is closed. These are the usual times; the publisher may set shorter or longer ones.
- To hold off floods of letters we count how many come from one connection. For that we keep a code that is made from the network address and a random number of the day. The number is thrown away at the end of the day, the code a day later; the address itself is not kept.
- Please leave out your name and your own health. The editors cannot advise you about it.

## Authors, editors and board members

- Staff sign in. A cookie keeps them signed in, and a second one protects their forms.
- We hold their name, e-mail address, roles, board profile and declarations of interests. Name, credentials, position, term and declared interests of board members are public, because readers need them to judge the page.
- What staff do to an article is recorded with their name and the time, and kept for good: a signature that could be deleted later would be worth nothing.

## Questions

To ask what we hold about you, or to have a mistake put right, write to the publisher of this site.$words$, '', '');
