"""Keep the catalogues of translations in step with the code: new texts come in empty, gone ones go out.

Three kinds of text: those marked in `outputs` and `views` (`message`, `message_in`), the sentences of data/methods, and
the refusals and notes of the modules a page calls, taken from where they are raised.

    python scripts/words.py           every language there is
    python scripts/words.py de        begin another language
"""

import ast
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

from oreway.outputs.words.translation import DOMAIN, LOCALE, REFUSAL, catalogue_path  # noqa: E402

ROOMS = ("outputs", "views")
KEYWORDS = {"message": None, "message_in": ((1, "c"), 2)}
METHODS = {
    "criteria": ("title", "rationale"), "gates": ("title", "reason_missing"), "networks": ("reason",),
    "unfc": ("reason",), "public_claims": ("claim", "said_by", "verdict_reason"), "claim_evidence": ("statement",),
    "schedules": ("promised", "note"), "programmes": ("programme",),
}  # fmt: skip
REFUSING = (
    "layers/upload/*.py", "layers/tables/*.py", "scoring/whatif/whatif.py", "scoring/whatif/changes.py",
    "scoring/whatif/doubts.py", "outputs/files/drawn_shapes.py", "outputs/files/own_table.py",
    "scoring/batch/doubts.py",
)  # fmt: skip
SAYING = {
    "append", "UploadError", "ChoiceError", "CoordinateError", "ScoringError", "OutputError", "_OddError", "_told",
}  # fmt: skip
FEWEST_WORDS = 3
OWN_FIELDS, JOINT = {"gate", "logical_port"}, "Joint venture"
ALSO = re.compile(r"( \()?also: https?://\S*")  # a second address, behind a reason or in brackets
SAID_AS = {"note", "notes", "faults", "fault", "reason", "cure", "told"}
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
    for path in sorted(path for pattern in REFUSING for path in ROOT.glob(pattern)):
        for text in refusals(path):
            found.add(text, locations=[(path.relative_to(ROOT).as_posix(), 1)], context=REFUSAL)
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


def refusals(path: Path) -> Iterator[str]:
    """Yield what a module raises or notes, with {0}, {1} … where it fills in values."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = _template(node.args[0]) if called in SAYING else ""
            if " " in said and (called != "CoordinateError" or _is_sentence(said)):
                yield said
        yield from filter(_is_sentence, _assigned(node))


def _is_sentence(text: str) -> bool:
    """Tell whether a text says something by itself, not only through what is filled in."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\{\d+\}", " ", text))
    return " " in text and ("{" not in text or len(words) >= FEWEST_WORDS)


def _assigned(node: ast.AST) -> Iterator[str]:
    """Yield the texts a module keeps as a note or a fault, returns as one, or lists among several."""
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {getattr(t.value if isinstance(t, ast.Subscript) else t, "id", "") for t in targets}
        given = node.value if names & SAID_AS else None
    elif isinstance(node, (ast.Return, ast.Yield)):
        given = node.value
    else:
        return
    if isinstance(given, ast.Constant) and not isinstance(node, ast.Return):
        yield _template(given)
    for one in ast.walk(given) if given is not None else ():
        if isinstance(one, ast.JoinedStr):
            yield _template(one)


def _template(node: ast.expr) -> str:
    if isinstance(node, ast.Tuple) and node.elts:
        return _template(node.elts[-1])
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts, filled = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        else:
            parts.append(f"{{{filled}}}")
            filled += 1
    return "".join(parts)


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
