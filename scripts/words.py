"""Keep the catalogues of translations in step with the code: new texts come in empty, gone ones go out.

python scripts/words.py           every language there is
python scripts/words.py de        begin another language
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from babel.messages.catalog import Catalog  # noqa: E402
from babel.messages.extract import extract_from_dir  # noqa: E402
from babel.messages.pofile import read_po, write_po  # noqa: E402

from outputs.translation import DOMAIN, LOCALE, catalogue_path  # noqa: E402

ROOMS = ("outputs", "views")
KEYWORDS = {"message": None, "message_in": ((1, "c"), 2)}


def texts() -> Catalog:
    """Return every text the rooms mark to be translated, with the files it stands in."""
    found = Catalog(project="Oreway", domain=DOMAIN)
    for room in ROOMS:
        for path, _, text, comments, context in extract_from_dir(ROOT / room, keywords=KEYWORDS):
            found.add(text, locations=[(f"{room}/{path}", 1)], auto_comments=comments, context=context)
    return found


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
