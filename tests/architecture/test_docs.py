"""What a person can use is documented: every rule, command, file format and word, or the suite fails."""

from __future__ import annotations

import enum
import importlib
import inspect
import io
import re
import tomllib
from pathlib import Path

import pytest
import typer
import typer.main

from app.domain import vocabulary
from tests.architecture.tree import ROOT, committed_files, name_of, python_files

FORMATS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "formats").glob("*.md")))
PAGES = [path for path in committed_files() if path.suffix == ".md"]
CARRIERS = [
    path for path in committed_files() if path.parent == ROOT / "resources" / "carriers" and path.suffix == ".toml"
]
RULES = [path for path in python_files("app/audit/rules") if not path.name.startswith("_")]
TEMPLATES = ["inventory_template", "contracts_template"]


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_rule_is_documented() -> None:
    assert RULES
    assert [rule.stem for rule in RULES if not re.search(rf"\b{rule.stem}\b", page("docs/rules.md"))] == []


def test_no_rule_is_documented_that_is_not_there() -> None:
    headings = re.findall(r"^#+ .*?\b([a-z]+(?:_[a-z]+)+)\b", page("docs/rules.md"), re.M)
    assert headings
    assert set(headings) <= {rule.stem for rule in RULES}


def test_the_page_of_pricing_models_is_made_from_the_models() -> None:
    """`python -m tools.make_models_doc` writes it anew."""
    assert page("docs/pricing-models.md") == importlib.import_module("tools.make_models_doc").render()


def commands() -> dict[str, list[str]]:
    """Every command of the command line with its options."""
    cli = importlib.import_module("app.cli")
    (application,) = (value for value in vars(cli).values() if isinstance(value, typer.Typer))
    group = typer.main.get_command(application)
    named = group.commands  # type: ignore[attr-defined]
    return {
        name: [option for parameter in command.params for option in parameter.opts] for name, command in named.items()
    }


def test_every_command_is_documented() -> None:
    pages = page("README.md") + page("docs/user-guide.md")
    assert [name for name in commands() if f"main.py {name}" not in pages] == []


def test_every_option_of_a_command_is_documented() -> None:
    pages = page("README.md") + page("docs/user-guide.md")
    options = {option for found in commands().values() for option in found if option.startswith("--")}
    assert sorted(option for option in options if not re.search(rf"{option}\b", pages)) == []


def test_every_command_of_dev_is_documented() -> None:
    dev = importlib.import_module("dev")
    pages = page("README.md") + page("CONTRIBUTING.md")
    assert [name for name in dev.COMMANDS if f"dev.py {name}" not in pages] == []


@pytest.mark.parametrize("file", CARRIERS, ids=name_of)
def test_every_kind_of_definition_and_its_keys_are_documented(file: Path) -> None:
    definition = tomllib.loads(file.read_text(encoding="utf-8"))
    assert f'kind = "{definition["kind"]}"' in FORMATS
    assert [key for key in definition if not re.search(rf"\b{re.escape(key)}\b", FORMATS)] == []


def test_every_importer_is_documented() -> None:
    """ "pdf:hetzner" is one of a family, "pdf:…", which a page of docs/formats names."""
    registry = importlib.import_module("app.importers.registry")
    definitions = registry.Definitions(
        layouts=tuple(
            path.read_text(encoding="utf-8") for path in CARRIERS if "pdf-layout" in path.read_text(encoding="utf-8")
        ),
        mappings=tuple(
            path.read_text(encoding="utf-8") for path in CARRIERS if "-mapping" in path.read_text(encoding="utf-8")
        ),
    )
    importers = importlib.import_module("app.importers.identify").all_importers(definitions)
    families = {importer.name.split(":")[0] for importer in importers}
    assert families
    assert sorted(family for family in families if not re.search(rf"`{re.escape(family)}(:[^`]*)?`", FORMATS)) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_column_of_a_template_is_documented(template: str) -> None:
    openpyxl = importlib.import_module("openpyxl")
    content = getattr(importlib.import_module("app.importers.records.templates"), template)()
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    columns = {str(cell.value) for sheet in workbook for cell in sheet[1] if cell.value is not None}
    assert columns
    assert sorted(column for column in columns if not re.search(rf"(?<!\w){re.escape(column)}(?!\w)", FORMATS)) == []


def test_every_word_of_the_vocabulary_is_explained() -> None:
    glossary = page("docs/glossary.md")
    words = [
        f"{name}.{word.value}"
        for name, kind in inspect.getmembers(vocabulary, inspect.isclass)
        if issubclass(kind, enum.StrEnum) and kind is not enum.StrEnum
        for word in kind
        if not re.search(rf"`{re.escape(word.value)}`", glossary)
    ]
    assert words == []


def test_every_link_leads_somewhere() -> None:
    links = [(path, link) for path in PAGES for link in re.findall(r"\]\(([^)\s#]+)[^)]*\)", page(name_of(path)))]
    assert [
        (name_of(path), link) for path, link in links if "://" not in link and not (path.parent / link).exists()
    ] == []


def test_every_page_that_the_code_points_to_is_there() -> None:
    broken = []
    for path in python_files("app", "tools", "bench", "dev.py"):
        for name in re.findall(r"\bdocs/[\w./-]+\.md\b", path.read_text(encoding="utf-8")):
            if not (ROOT / name).exists():
                broken.append(f"{name_of(path)} points to {name}")
    assert broken == []


def test_every_decision_has_its_page_in_one_form() -> None:
    decisions = [path for path in PAGES if path.parent == ROOT / "docs" / "adr"]
    assert len(decisions) >= 6
    for path in decisions:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name), path.name
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.M)
        assert headings[:3] == ["Decision", "Why", "Consequence"], path.name
    numbers = [path.name[:4] for path in decisions]
    assert numbers == sorted(set(numbers)), "two decisions share a number"
