"""Copy Leaflet's script, style sheet, images and licence into data/web, to be served locally."""

from pathlib import Path

from catalogue import DATA, record
from packages import Package

LEAFLET = Package(registry="npm", name="leaflet", version="1.9.3")
DATASETS = ("leaflet", "leaflet_css")
WEB = DATA / "web"
IMAGES = ("layers.png", "layers-2x.png", "marker-icon.png", "marker-icon-2x.png", "marker-shadow.png")


def _unix(member: str) -> bytes:
    """Return a text with one kind of line end: git would change the others, and the checksum with them."""
    return LEAFLET.read(member).replace(b"\r\n", b"\n")


def build() -> None:
    """Write the files and the catalogue entries of the script and the style sheet."""
    (WEB / "images").mkdir(parents=True, exist_ok=True)
    for name in IMAGES:
        (WEB / "images" / name).write_bytes(LEAFLET.read(f"package/dist/images/{name}"))
    (WEB / "leaflet.LICENSE.txt").write_bytes(_unix("package/LICENSE"))
    for dataset_id, name in (("leaflet", "leaflet.js"), ("leaflet_css", "leaflet.css")):
        (WEB / name).write_bytes(_unix(f"package/dist/{name}"))
        record(
            dataset_id,
            file=f"web/{name}",
            title=f"Leaflet: {name}",
            licence="BSD-2-Clause",
            attribution="Leaflet, © 2010-2023 Vladimir Agafonkin, © 2010-2011 CloudMade",
            source_url="https://leafletjs.com/",
            source_package=LEAFLET.label,
            source_version=LEAFLET.version,
            retrieved="2022-11-18",
            geometry_type="Asset",
            changes="line ends; the images and the licence stand beside it",
            known_defects=[],
            script=Path(__file__),
        )


if __name__ == "__main__":
    build()
