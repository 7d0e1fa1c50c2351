"""Claims of the public debate that the product is about, each with who said it, the evidence and a verdict."""

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.layers.vocabulary import SourceKind, Verdict
from oreway.scoring.claims.rows import CHECKED, Row, absent, address, checked_rows, past, read_again, refuse, word

CLAIMS, EVIDENCE = "public_claims", "claim_evidence"
FILLED = ("claim_id", "claim", "said_by", "said_on", "said_source_url", "said_source_title", "verdict_reason")
CLAIM_COLUMNS = (*FILLED, "verdict", "site_ids", "evidence_as_of")
EVIDENCE_FILLED = ("claim_id", "statement", "as_of", "source_title")
EVIDENCE_COLUMNS = (*EVIDENCE_FILLED, "value", "unit", "source_url", "source_kind")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    """One statement that speaks for or against a claim; `value` is "" where it carries no figure."""

    statement: str
    value: str
    unit: str
    as_of: str
    source_url: str
    source_title: str
    source_kind: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PublicClaim:
    """One claim as it was said, and how it stands; without site_ids it is about no single site."""

    id: str
    claim: str
    said_by: str
    said_on: str
    said_source_url: str
    said_source_title: str
    verdict: str
    verdict_reason: str
    site_ids: tuple[str, ...]
    evidence_as_of: str
    evidence: tuple[Evidence, ...]


def public_claims(data: Path = DATA) -> tuple[PublicClaim, ...]:
    """Return every claim with its evidence, in the order of data/methods/public_claims.csv.

    Raises:
        CatalogError: a table is missing.
        SchemaError: rows break the rules; all complaints at once.
    """
    claims = checked_rows(read_table(CLAIMS, data), CLAIM_COLUMNS, f"{CLAIMS}.csv")
    evidence = checked_rows(read_table(EVIDENCE, data), (*EVIDENCE_COLUMNS, *CHECKED), f"{EVIDENCE}.csv")
    refuse(_complaints(claims, evidence))
    found: dict[str, list[Evidence]] = {}
    for _, row in evidence:
        cells = {key: row[key] for key in EVIDENCE_COLUMNS if key != "claim_id"}
        found.setdefault(row["claim_id"], []).append(Evidence(**cells))
    return tuple(_claim(row, found[row["claim_id"]]) for _, row in claims)


def about(site_id: str, claims: Iterable[PublicClaim]) -> tuple[PublicClaim, ...]:
    """Return the claims that concern a site."""
    return tuple(one for one in claims if site_id in one.site_ids)


def _claim(row: Row, evidence: list[Evidence]) -> PublicClaim:
    sites = tuple(part.strip() for part in row["site_ids"].split(";") if part.strip())
    cells = {key: row[key] for key in (*FILLED, "verdict", "evidence_as_of") if key != "claim_id"}
    return PublicClaim(id=row["claim_id"], site_ids=sites, evidence=tuple(evidence), **cells)


def _complaints(claims: list[tuple[str, Row]], evidence: list[tuple[str, Row]]) -> Iterator[str]:
    newest: dict[str, str] = {}
    for where, row in evidence:
        yield from absent(row, EVIDENCE_FILLED, where)
        yield from past(row, "as_of", where)
        yield from address(row, "source_url", where)
        yield from word(row, "source_kind", SourceKind, where)
        yield from read_again(row, where)
        newest[row["claim_id"]] = max(newest.get(row["claim_id"], ""), row["as_of"])
    seen: set[str] = set()
    for where, row in claims:
        name = row["claim_id"]
        yield from absent(row, FILLED, where)
        yield from past(row, "said_on", where)
        yield from address(row, "said_source_url", where)
        yield from word(row, "verdict", Verdict, where)
        if name in seen:
            yield f"{where}: claim_id {name!r} stands more than once; keep one"
        if name not in newest:
            yield f"{where}: no evidence for {name!r}; add a row to {EVIDENCE}.csv"
        elif newest[name] != row["evidence_as_of"]:
            yield f"{where}: evidence_as_of {row['evidence_as_of']!r}; the newest evidence is of {newest[name]}"
        seen.add(name)
    for name in sorted(set(newest) - seen):
        yield f"{EVIDENCE}.csv: evidence for {name!r}, which is no claim of {CLAIMS}.csv; add the claim or mend the id"
