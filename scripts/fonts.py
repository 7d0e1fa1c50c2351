"""Cut the report's fonts out of Debian's Noto packages: Latin, Greek and Cyrillic, and Japanese.

The Japanese fonts hold kana, JIS level 1 and every other ideograph that stands in the site tables or in the product's
own words. Needs Debian's `apt-get` and `dpkg-deb`.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from scripts.catalogue import DATA, record  # noqa: E402
from scripts.packages import Package  # noqa: E402

CORE = Package(registry="Debian", name="fonts-noto-core", version="20201225-1")
CJK = Package(registry="Debian", name="fonts-noto-cjk", version="1:20220127+repack1-1")
RETRIEVED = "2026-11-23"
JAPANESE_FACE = "Noto Sans CJK JP"
LATIN = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),  # Latin-1, Latin Extended-A and -B: Greenlandic, Turkish, Baltic, Romanised Japanese
    *range(0x2B0, 0x370),
    *range(0x370, 0x530),  # Greek, Cyrillic
    *range(0x1E00, 0x1F00),
    *range(0x2000, 0x2070),
    *range(0x2070, 0x20C0),  # superscripts, subscripts, currency
    *range(0x2100, 0x2190),  # letter-like signs
    0xFFFD,
)
SIGNS = (*range(0x2190, 0x2300), *range(0x25A0, 0x2600))  # arrows, mathematics, shapes
FIRST_IDEOGRAPH = 0x2E80
TEXTS = ("data/sites/*.csv", "data/infrastructure/*.csv", "data/methods/*.csv", "outputs/locale/*/LC_MESSAGES/*.po")


def _used() -> set[int]:
    text = "".join(path.read_text(encoding="utf-8") for pattern in TEXTS for path in sorted(ROOT.glob(pattern)))
    return {ord(character) for character in text if ord(character) >= FIRST_IDEOGRAPH}


def _jis_level_1() -> set[int]:
    characters = set()
    for row in (*range(1, 9), *range(16, 48)):
        for cell in range(1, 95):
            try:
                characters.add(ord(bytes((0xA0 + row, 0xA0 + cell)).decode("euc_jp")))
            except UnicodeDecodeError:
                continue  # an empty cell of the code table
    return characters


def _kana() -> set[int]:
    return {*range(0x3000, 0x3100), *range(0xFF01, 0xFFA0), *range(0xFFE0, 0xFFE7)}


def _face(path: Path) -> TTFont:
    if path.suffix != ".ttc":
        return TTFont(path)
    for number in range(64):
        font = TTFont(path, fontNumber=number)
        if font["name"].getDebugName(1) == JAPANESE_FACE:
            return font
    raise LookupError(f"{path.name}: no face {JAPANESE_FACE!r}; look into the package")


def cut(source: Path, target: Path, characters: set[int]) -> int:
    """Write the part of a font that draws these characters; return how many it draws."""
    options = subset.Options()
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]  # without the regional forms of ideographs
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.recalc_timestamp = False
    font = _face(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(characters))
    cutter.subset(font)
    font.save(target)
    return len(font.getBestCmap())


def _licence() -> str:
    """Return the SIL Open Font License with the copyright lines of both fonts."""
    text = (CORE.folder() / "usr/share/doc/fonts-noto-core/copyright").read_text(encoding="utf-8")
    lines = text.split("License: OFL-1.1\n")[-1].split("\nLicense:")[0].splitlines()
    body = "\n".join("" if line.strip() == "." else line.strip() for line in lines)
    return (
        "Noto Sans, Noto Sans Math: Copyright 2010, 2012-2020 Google Inc.; 2015-2020 Google LLC.\n"
        "Noto Sans CJK JP: Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'.\n"
        "The files here are cut to the characters the product prints.\n\n"
        f"SIL OPEN FONT LICENSE Version 1.1\n\n{body}\n"
    )


def _enter(dataset_id: str, file: Path, package: Package, *, rows: int, what: str, attribution: str) -> None:
    record(
        dataset_id,
        file=file,
        title=f"Font {what}",
        licence="OFL-1.1",
        attribution=attribution,
        source_url="https://fonts.google.com/noto",
        source_package=package.label,
        source_version=package.version,
        retrieved=RETRIEVED,
        geometry_type="Asset",
        changes=f"cut to {rows} characters, hinting dropped",
        known_defects=["characters outside the cut are printed as a replacement mark"],
        rows=rows,
        script=Path(__file__),
    )


def main() -> int:
    """Write the five fonts and their licences below data/web/fonts/ and enter them in the catalogue."""
    fonts = DATA / "web" / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    core = CORE.folder() / "usr/share/fonts/truetype/noto"
    cjk = CJK.folder() / "usr/share/fonts/opentype/noto"
    japanese = _jis_level_1() | _kana() | _used()
    google, adobe = "The Noto Project Authors, SIL OFL 1.1", "© 2014–2021 Adobe, SIL OFL 1.1"
    jobs = (
        ("font_sans", core / "NotoSans-Regular.ttf", "NotoSans-Regular.ttf", set(LATIN), google),
        ("font_sans_bold", core / "NotoSans-Bold.ttf", "NotoSans-Bold.ttf", set(LATIN), google),
        ("font_math", core / "NotoSansMath-Regular.ttf", "NotoSansMath-Regular.ttf", set(SIGNS), google),
        ("font_jp", cjk / "NotoSansCJK-Regular.ttc", "NotoSansJP-Regular.otf", japanese, adobe),
        ("font_jp_bold", cjk / "NotoSansCJK-Bold.ttc", "NotoSansJP-Bold.otf", japanese, adobe),
    )
    (fonts / "OFL.txt").write_text(_licence(), encoding="utf-8")
    for dataset_id, source, name, characters, attribution in jobs:
        rows = cut(source, fonts / name, characters)
        package = CJK if source.suffix == ".ttc" else CORE
        _enter(dataset_id, fonts / name, package, rows=rows, what=name, attribution=attribution)
        print(f"{name}: {rows} characters, {(fonts / name).stat().st_size / 1024:.0f} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
