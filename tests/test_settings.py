"""Settings are declared once, kept as TOML, and a wrong one is named with its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import (
    CONFIG_VARIABLE,
    FILE,
    MAX_RECENT,
    RECENT,
    SETTINGS,
    THEME,
    USER,
    WORKSPACE,
    Settings,
    SettingsUnreadable,
    SettingWrong,
    config_folder,
    default_workspace,
    load_settings,
    log_file,
    login_name,
    save_settings,
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of their own for each test."""
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "config"))
    return tmp_path / "config"


def test_without_a_file_the_defaults_hold(folder: Path) -> None:
    settings = load_settings()
    assert (settings.text(THEME), settings.texts(RECENT)) == ("system", ())
    assert (settings.user, settings.workspace) == (login_name(), folder / "workspace")
    assert not folder.exists()


def test_everything_is_redirected_by_the_environment(folder: Path) -> None:
    assert config_folder() == folder
    assert {log_file().parent, default_workspace().parent} == {folder}


def test_what_is_saved_is_loaded(folder: Path) -> None:
    save_settings(Settings().change(USER, "Dana Whitfield").change(THEME, "dark").remember(folder))
    loaded = load_settings()
    assert (loaded.user, loaded.text(THEME), loaded.workspace) == ("Dana Whitfield", "dark", folder)
    assert [file.name for file in folder.iterdir()] == [FILE]


def test_comments_and_unknown_entries_survive_saving(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE).write_text('# mine\nuser = "Omar"\nfuture = 3\n', encoding="utf-8")
    save_settings(load_settings().change(THEME, "light"))
    assert (folder / FILE).read_text(encoding="utf-8") == '# mine\nuser = "Omar"\nfuture = 3\ntheme = "light"\n'


def test_recent_workspaces_are_few_and_the_last_is_first(tmp_path: Path) -> None:
    settings = Settings()
    for number in range(MAX_RECENT + 3):
        settings = settings.remember(tmp_path / str(number))
    settings = settings.remember(tmp_path / "5")
    recent = settings.texts(RECENT)
    assert (len(recent), recent[0], len(set(recent))) == (MAX_RECENT, str(tmp_path / "5"), MAX_RECENT)
    assert settings.workspace == tmp_path / "5"
    assert settings.change(WORKSPACE, "elsewhere").workspace == Path("elsewhere")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("user = 3", "Setting user in .* cannot be 3: write a text in quotes"),
        ('theme = "pink"', "cannot be pink: choose one of system, light, dark"),
        ("recent_workspaces = [1]", "write a list of texts"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(folder: Path, text: str, message: str) -> None:
    folder.mkdir()
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(SettingWrong, match=message):
        load_settings()


@pytest.mark.parametrize("content", [b"user = ", b"\xff\xfe"])
def test_a_broken_file_is_told_and_left_alone(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / FILE).write_bytes(content)
    with pytest.raises(SettingsUnreadable, match="correct it, or remove it"):
        load_settings()
    assert (folder / FILE).read_bytes() == content


def test_every_setting_has_a_name_of_its_own_and_a_meaning() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert all(setting.meaning.endswith(".") for setting in SETTINGS)
