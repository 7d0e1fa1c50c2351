"""What a report and the page say of public claims and promised dates, as plain texts in one language."""

from collections.abc import Iterable

from oreway.layers.vocabulary import Kept, Verdict
from oreway.outputs.pictures.figure_content import Nothing
from oreway.outputs.report.factsheet import figure
from oreway.outputs.report.judged_contents import ClaimRow, Debate, EvidenceRow, PromiseRow
from oreway.outputs.words.formatting import Language, date_text, free_word, label, phrase, spoken
from oreway.outputs.words.money import money
from oreway.scoring.claims.public_claims import Evidence, PublicClaim, about, public_claims
from oreway.scoring.claims.schedules import Promise, promises_of, schedules

VERDICT_SIGNS = {Verdict.HOLDS: "✓", Verdict.HOLDS_IN_PART: "◐", Verdict.WRONG: "✕", Verdict.NOT_YET_KNOWN: "?"}


def said_content(site_id: str, lang: Language) -> Debate | Nothing:
    """Return the claims and promised dates that concern a site; empty when there are none."""
    claims = claim_rows(about(site_id, public_claims()), lang)
    promises = promise_rows(promises_of(site_id, schedules()), lang)
    return {"claims": claims, "promises": promises} if claims or promises else Nothing()


def claim_rows(claims: Iterable[PublicClaim], lang: Language) -> list[ClaimRow]:
    """Return claims as texts: who said it, sign and word of the verdict, its reason, the evidence with sources."""
    return [
        {
            "id": one.id,
            "claim": phrase(one.claim, lang),
            "claim_spoken": spoken(one.claim, lang),
            "said": label("said_by", lang).format(who=phrase(one.said_by, lang), when=date_text(one.said_on, lang)),
            "url": one.said_source_url,
            "source": one.said_source_title,
            "verdict": one.verdict,
            "sign": VERDICT_SIGNS[Verdict(one.verdict)],
            "word": label(f"verdict_{one.verdict}", lang),
            "reason": phrase(one.verdict_reason, lang),
            "reason_spoken": spoken(one.verdict_reason, lang),
            "site_ids": list(one.site_ids),
            "evidence": [_evidence(each, lang) for each in one.evidence],
        }
        for one in claims
    ]


def _evidence(found: Evidence, lang: Language) -> EvidenceRow:
    return {
        "statement": phrase(found.statement, lang),
        "spoken": spoken(found.statement, lang),
        "value": money(found.value, found.unit, lang) or f"{figure(found.value)} {free_word(found.unit, lang)}".strip(),
        "source": phrase(found.source_title, lang),
        "url": found.source_url,
        "kind": label(f"kind_{found.source_kind}", lang),
        "as_of": date_text(found.as_of, lang),
    }


def promise_rows(promises: Iterable[Promise], lang: Language) -> list[PromiseRow]:
    """Return promised dates as texts; `slip` is "" where nothing is known."""
    return [
        {
            "site_id": one.site_id,
            "promise": phrase(one.promised, lang),
            "spoken": spoken(one.promised, lang),
            "promised_for": date_text(one.promised_for, lang),
            "promised_on": date_text(one.promised_on, lang),
            "source": one.source_title,
            "url": one.source_url,
            "happened": label(f"kept_{one.happened}", lang).format(when=date_text(one.happened_on, lang)),
            "late": bool(one.slip_months and one.slip_months > 0) or one.happened == Kept.MOVED,
            "happened_source": one.happened_source_title,
            "happened_url": one.happened_source_url,
            "slip": "" if one.slip_months is None else str(one.slip_months),
            "note": phrase(one.note, lang),
            "note_spoken": spoken(one.note, lang),
        }
        for one in promises
    ]
