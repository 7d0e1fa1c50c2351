"""Keep the catalogues of translations in step with the code: new texts come in empty, gone ones go out.

Three kinds of text: those marked in `outputs` and `views` (`message`, `message_in`), the sentences of data/methods, and
the codes of what readers and what-if say (`outputs.words.refusal_texts.SAYINGS`).

    python scripts/words.py           every language there is
    python scripts/words.py de        begin another language
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from babel.messages.catalog import Catalog  # noqa: E402
from babel.messages.extract import extract_from_dir  # noqa: E402
from babel.messages.pofile import read_po, write_po  # noqa: E402

from oreway.outputs.words.refusal_texts import SAYINGS  # noqa: E402
from oreway.outputs.words.translation import DOMAIN, LOCALE, REFUSAL, catalogue_path  # noqa: E402

ROOMS = ("outputs", "views")
KEYWORDS = {"message": None, "message_in": ((1, "c"), 2)}
METHODS = {
    "criteria": ("title", "rationale"), "gates": ("title", "reason_missing"), "networks": ("reason",),
    "unfc": ("reason",), "public_claims": ("claim", "said_by", "verdict_reason"), "claim_evidence": ("statement",),
    "schedules": ("promised", "note"), "programmes": ("programme",),
}  # fmt: skip
OWN_FIELDS, JOINT = {"gate", "logical_port"}, "Joint venture"
ALSO = re.compile(r"( \()?also: https?://\S*")  # a second address, behind a reason or in brackets
WORDED = re.compile(r"[a-z]{4}")  # a value or a unit that is no number, no name in capitals and no symbol


def texts() -> Catalog:
    """Return every text to be translated, with the files it stands in."""
    found = Catalog(project="Oreway", domain=DOMAIN)
    for room in ROOMS:
        for path, _, text, comments, context in extract_from_dir(ROOT / room, keywords=KEYWORDS):
            found.add(text, locations=[(f"{room}/{path}", 1)], auto_comments=comments, context=context)
    for name, columns in METHODS.items():
        path = f"data/methods/{name}.csv"
        with (ROOT / path).open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                for text in (row[column] for column in columns):
                    if text:
                        found.add(text, locations=[(path, 1)])
    tables = (ROOT / "data" / "methods" / f"{name}.csv" for name in ("claim_evidence", "programmes"))
    for path in (*sorted((ROOT / "data" / "sites").glob("*.csv")), *tables):
        for text in own_words(path):
            found.add(text, locations=[(path.relative_to(ROOT).as_posix(), 1)])
    for codes in SAYINGS:
        for code in codes:
            if re.search("[^\\W\\d_]{2}", code.value):
                found.add(code.value, locations=[(home(codes), 1)], context=REFUSAL)
    return found


def own_words(path: Path) -> Iterator[str]:
    """Yield what a table says in Oreway's own short words, part by part, without the addresses.

    These are the reasons of gates, gaps and ports, what a site is bound to deliver, what a programme holds, and titles
    of what was computed.
    """
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            own = row.get("field") in OWN_FIELDS or row.get("confidence") == "gap" or "programme" in row
            for part in row["note"].split("; ") if own and row.get("note") else ():
                if said := ALSO.sub("", part).strip():
                    yield said
            if "programme" in row:
                yield row["field"].replace("_", " ")
                yield from filter(WORDED.search, [row["value"], row["unit"]])
            if "tie" in row:
                yield from filter(None, [row["product"], row["buyer"] if row["buyer"].startswith(JOINT) else ""])
            yield from (word for name, word in row.items() if "title" in str(name) and str(word).startswith("Oreway, "))


def home(codes: type) -> str:
    """Return the file in which codes stand."""
    path = codes.__module__.removeprefix("oreway.").replace(".", "/") + ".py"
    return path if (ROOT / path).exists() else f"oreway/{path}"


def update(language: str) -> tuple[int, int]:
    """Bring one catalogue up to date; return how many texts it holds and how many wait for a translation."""
    path = catalogue_path(language)
    held = Catalog(locale=language, domain=DOMAIN)
    if path.exists():
        with path.open("rb") as source:
            held = read_po(source, locale=language, domain=DOMAIN)
    template = texts()
    template.creation_date = held.creation_date
    held.update(template, no_fuzzy_matching=True)
    held.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, held, width=110, include_lineno=False, sort_by_file=True)
    return len(held), sum(not one.string for one in held if one.id)


def main() -> None:
    """Update every catalogue, and those named."""
    languages = sorted({path.name for path in LOCALE.iterdir() if path.is_dir()} | set(sys.argv[1:]))
    for language in languages:
        total, waiting = update(language)
        print(f"{language}: {total} texts, {waiting} not translated ({catalogue_path(language).relative_to(ROOT)})")


if __name__ == "__main__":
    main()
