"""Public claims with their verdicts as HTML for the page; every word of the data is escaped."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from oreway.outputs.map.panel import PANEL, link, prose, tag, text
from oreway.outputs.report.judged_contents import ClaimRow, EvidenceRow
from oreway.outputs.words.formatting import label
from oreway.outputs.words.translation import SOURCE, Language

MOST_OPEN = 3


def said_list(rows: Iterable[ClaimRow], names: Mapping[str, str], lang: Language = "en") -> str:
    """Return claims (`said_content.claim_rows`), each a line that opens: sign and word of the verdict, and the claim.

    Behind it stand who said it, why it is judged so, the evidence and the sites; a few are open at once. Each has its
    id, as the end of an address names it.

    Args:
        rows: the claims.
        names: names of the sites to link to, by site_id; sites not in it get no link.
        lang: language of the page.
    """
    every = list(rows)
    opened = " open" if len(every) <= MOST_OPEN else ""
    lines = (f'<details id="{text(row["id"])}"{opened}>{_claim(row, names, lang)}</details>' for row in every)
    return tag("div", "".join(lines), f"{PANEL} claims")


def _claim(row: ClaimRow, names: Mapping[str, str], lang: Language) -> str:
    head = (
        f'<summary class="said {text(row["verdict"])}"><b aria-hidden="true">{text(row["sign"])}</b> '
        f"<strong>{text(row['word'])}</strong> {tag('h3', _in(row['claim'], row['claim_spoken'], lang))}</summary>"
    )
    said = tag("p", link(row["url"], row["said"]), "small")
    reason = tag("p", _in(row["reason"], row["reason_spoken"], lang))
    evidence = tag("h4", text(f"{label('said_evidence', lang)} ({len(row['evidence'])})"))
    sites = " · ".join(_site(site_id, names[site_id], lang) for site_id in row["site_ids"] if site_id in names)
    return (
        head + said + reason + evidence + _listed(row["evidence"], lang) + (tag("p", sites, "small") if sites else "")
    )


def _listed(evidence: Iterable[EvidenceRow], lang: Language) -> str:
    items = "".join(_evidence(each, lang) for each in evidence)
    return tag("ul", items) if items else ""


def _evidence(each: EvidenceRow, lang: Language) -> str:
    source = link(each["url"], each["source"]) if each["url"] else text(each["source"])
    told = f"({text(each['kind'])}, {text(each['as_of'])})"
    return f'<li>{_in(each["statement"], each["spoken"], lang)} <span class="source">{source} {told}</span></li>'


def _site(site_id: str, name: str, lang: Language) -> str:
    address = f"site?site={quote(site_id)}{'' if lang == SOURCE else f'&lang={lang}'}"
    return f'<a href="{text(address)}" target="_self">{text(name)}</a>'


def _in(words: str, spoken_in: str, lang: Language) -> str:
    return prose(words) if spoken_in == lang else f'<span lang="{text(spoken_in)}">{prose(words)}</span>'
