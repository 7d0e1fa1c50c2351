"""What we stand on is pinned by hashes, listed with licences that fit, and can be written out as an SBOM."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.licences import PAGE, fits, locked, page, run_and_extras
from scripts.sbom import document, normal

ROOT = Path(__file__).parent.parent.parent
TEXT = run_and_extras()
RUN = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
DEVELOPMENT = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
PACKAGES, FOR_TESTS = locked(TEXT), locked(DEVELOPMENT)
EXTRAS = {"distributed", "mcp", "pygeoapi", "sqlalchemy", "psycopg-binary"}
TOOLS = {"playwright", "mypy", "atheris", "duckdb", "pytest", "hypothesis", "ruff", "import-linter", "ipykernel"}


def test_every_locked_package_has_an_exact_version_and_hashes() -> None:
    assert len(PACKAGES) > 50
    assert [package.name for package in [*PACKAGES, *FOR_TESTS] if not package.hashes] == []
    assert [package.name for package in [*PACKAGES, *FOR_TESTS] if "*" in package.version] == []


def test_the_lock_names_no_address_and_no_other_source() -> None:
    for text in (TEXT, DEVELOPMENT):
        assert "://" not in text
        assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host| @ |^-e ", text, re.MULTILINE)


def test_everything_the_project_asks_for_is_locked() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = told["project"]["optional-dependencies"].values()
    run = {
        *told["build-system"]["requires"],
        *told["project"]["dependencies"],
        *(line for lines in extras for line in lines),
    }
    tools = {line for group in told["dependency-groups"].values() for line in group}
    running, testing = ({normal(package.name) for package in packages} for packages in (PACKAGES, FOR_TESTS))
    assert {normal(re.split(r"[\[<>=~! ]", line)[0]) for line in run} <= running
    assert {normal(re.split(r"[\[<>=~! ]", line)[0]) for line in tools} <= running | testing


def test_running_the_page_installs_no_browser_no_type_checker_no_fuzzer_and_no_extra() -> None:
    assert TOOLS & {normal(package.name) for package in PACKAGES} == set()
    assert {normal(package.name) for package in FOR_TESTS} >= TOOLS
    assert EXTRAS & {normal(package.name) for package in RUN} == set()
    assert {normal(package.name) for package in PACKAGES} >= EXTRAS
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nrun: ")[1].split("\n\n")[0]
    assert recipe.splitlines()[0] == "$(STAMP)"  # what requirements.lock names, and nothing more


def test_the_set_up_asks_for_hashes() -> None:
    assert "--require-hashes -r requirements.lock" in (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the list is made with Python 3.11, whose wheels differ")
def test_the_list_of_licences_is_up_to_date_and_all_fit() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(PACKAGES), "run python -m scripts.licences"


@pytest.mark.parametrize(
    ("expression", "answer"),
    [("MIT", True), ("Apache-2.0 OR GPL-3.0-only", True), ("MIT AND GPL-3.0-only", False), ("AGPL-3.0-only", False),
     ("", False), ("? Other/Proprietary License", False), ("SSPL-1.0", False), ("LGPL-3.0-only", True)],
)  # fmt: skip
def test_licences_that_do_not_fit_are_told_from_those_that_do(expression: str, answer: bool) -> None:
    assert fits(expression) is answer


def test_a_package_of_unknown_licence_is_refused() -> None:
    with pytest.raises(ValueError, match="not-a-package: not known"):
        page(locked("not-a-package==1.0 \\\n"))


def test_the_bill_of_materials_names_every_package_and_is_the_same_twice() -> None:
    command = [sys.executable, "-m", "scripts.sbom"]
    first, second = (subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout for _ in range(2))
    assert first == second
    made = json.loads(first)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.5")
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made["serialNumber"])
    assert {part["purl"] for part in made["components"]} == {
        f"pkg:pypi/{normal(package.name)}@{package.version}" for package in PACKAGES
    }


def test_every_reference_of_the_bill_of_materials_is_in_it() -> None:
    made = document(TEXT)
    known = {part["bom-ref"] for part in made["components"]} | {made["metadata"]["component"]["bom-ref"]}
    assert {ref for line in made["dependencies"] for ref in [line["ref"], *line["dependsOn"]]} <= known
    assert len(made["dependencies"][0]["dependsOn"]) > 15
