"""What editors and documents are told of the files of a book is what the models take."""

import json

import pytest
import yaml
from conftest import BOOKS, ROOT
from typer.testing import CliRunner

import build
from press.content import describing, schema


@pytest.mark.parametrize("name", describing.FILES)
def test_the_schemas_in_the_repository_are_those_of_the_models(name):
    assert (ROOT / f"schema/{name}.json").read_text(encoding="utf-8") == describing.schemas()[name], (
        "run build.py schema"
    )


def test_every_key_is_explained_and_nothing_else():
    models = {name: getattr(schema, name) for name in describing.MEANINGS}
    for name, model in models.items():
        assert list(describing.MEANINGS[name]) == list(model.model_fields), name
    for said in describing.schemas().values():
        told = json.loads(said)
        for part in (told, *told.get("$defs", {}).values()):
            assert all(field.get("description") for field in part.get("properties", {}).values())


def test_the_keys_of_a_real_file_are_keys_of_its_schema():
    section = yaml.safe_load((BOOKS / "base/1.1.yaml").read_text(encoding="utf-8"))
    said = json.loads(describing.schemas()["section"])
    assert set(section) <= set(said["properties"]) and set(said["required"]) <= set(section)
    assert said["additionalProperties"] is False


def test_a_modeline_leads_to_the_schema(tmp_path):
    line = describing.modeline("section", tmp_path / "book", tmp_path / "schema")
    assert line == "# yaml-language-server: $schema=../schema/section.json"


def test_the_settings_of_the_repository_are_as_made():
    assert (ROOT / ".vscode/settings.json").read_text() == describing.settings("book", "schema")


def test_names_are_listed_by_kind_and_are_those_that_a_text_may_use():
    run = CliRunner()
    told = json.loads(run.invoke(build.app, ["names", "--book", str(BOOKS / "base"), "--json", "-q"]).stdout)
    assert told == {
        "entries": ["1.1", "1.1.1", "1.1.2", "1.2"],
        "labels": ["eq:count", "fig:numbers/line", "tab:squares"],
        "works": ["peano1889arithmetices"],
        "terms": ["pair", "unit", "units"],
        "figures": ["numbers/line"],
        "numbers": ["numbers.values.third"],
    }
    assert (
        run.invoke(build.app, ["names", "works", "--book", str(BOOKS / "base"), "-q"]).stdout
        == "peano1889arithmetices\n"
    )
    assert "use one of entries" in run.invoke(build.app, ["names", "word", "--book", str(BOOKS / "base")]).output


def test_schemas_are_written_where_one_asks(tmp_path):
    assert CliRunner().invoke(build.app, ["schema", "--to", str(tmp_path), "-q"]).exit_code == 0
    assert {path.stem for path in tmp_path.iterdir()} == set(describing.FILES)
