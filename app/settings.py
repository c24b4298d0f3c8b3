"""Every setting of the program, declared once; kept as TOML in the user's configuration folder.

What belongs to a company's work (tolerances, users, mappings) lives in the workspace, not here.
"""

from __future__ import annotations

import getpass
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import platformdirs
import tomlkit

from app.errors import BugError, UserError

APP = "tollbook"
FILE = "settings.toml"
# names another configuration folder, for tests and for a second installation beside the first
CONFIG_VARIABLE = "TOLLBOOK_CONFIG"

Value = str | bool | int | tuple[str, ...]
Kind = TypeVar("Kind", bound=Value)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting's name in the file, what it holds until somebody changes it, and what it is for."""

    name: str
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()


WORKSPACE = Setting(
    "workspace", "", "The workspace folder that is opened; empty: the last one, else the default folder."
)
RECENT = Setting("recent_workspaces", (), "The workspaces opened last, the latest first.")
USER = Setting("user", "", "The name to act under; empty: the login name of the operating system.")
THEME = Setting("theme", "system", "The window's colours.", ("system", "light", "dark"))

SETTINGS = (WORKSPACE, RECENT, USER, THEME)
MAX_RECENT = 10


class SettingsUnreadable(UserError):
    """The settings file {file} cannot be read ({fault}): correct it, or remove it to start with the defaults."""


class SettingWrong(UserError):
    """Setting {name} in {file} cannot be {value}: {remedy}."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as they stand; `change` gives new ones, `save_settings` keeps them."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def text(self, setting: Setting) -> str:
        return _expect(setting, self.values.get(setting.name, setting.default), str)

    def texts(self, setting: Setting) -> tuple[str, ...]:
        return _expect(setting, self.values.get(setting.name, setting.default), tuple)

    def change(self, setting: Setting, value: Value) -> Settings:
        return Settings({**self.values, setting.name: value})

    @property
    def user(self) -> str:
        """The name to act under."""
        return self.text(USER) or login_name()

    @property
    def workspace(self) -> Path:
        """The workspace folder to open."""
        recent = self.texts(RECENT)
        chosen = self.text(WORKSPACE) or (recent[0] if recent else "")
        return Path(chosen) if chosen else default_workspace()

    def remember(self, folder: Path) -> Settings:
        """With `folder` as the workspace opened last."""
        opened = str(folder.resolve())
        others = tuple(path for path in self.texts(RECENT) if path != opened)
        return self.change(RECENT, (opened, *others)[:MAX_RECENT])


def config_folder() -> Path:
    """Where the settings and the window's layout are kept."""
    redirected = os.environ.get(CONFIG_VARIABLE)
    return Path(redirected) if redirected else Path(platformdirs.user_config_dir(APP, appauthor=False))


def log_file() -> Path:
    """The file in which failures are told in detail."""
    redirected = os.environ.get(CONFIG_VARIABLE)
    folder = Path(redirected) if redirected else Path(platformdirs.user_log_dir(APP, appauthor=False))
    return folder / "tollbook.log"


def default_workspace() -> Path:
    """The workspace folder of someone who has chosen none."""
    redirected = os.environ.get(CONFIG_VARIABLE)
    folder = Path(redirected) if redirected else Path(platformdirs.user_data_dir(APP, appauthor=False))
    return folder / "workspace"


def login_name() -> str:
    """The operating system's name for whoever runs the program."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user without a name
        return "unknown"


def load_settings() -> Settings:
    """The settings file, or the defaults where there is none; raises SettingsUnreadable or SettingWrong."""
    file = config_folder() / FILE
    try:
        stored = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SettingsUnreadable(file=file, fault=fault) from fault
    values: dict[str, Value] = {}
    for setting in SETTINGS:
        if setting.name in stored:
            values[setting.name] = _checked(setting, stored[setting.name], file)
    return Settings(values)


def save_settings(settings: Settings) -> None:
    """Write the settings file, whole or not at all; its comments and unknown entries stay."""
    file = config_folder() / FILE
    document = tomlkit.document()
    if file.is_file():
        document = tomlkit.parse(file.read_text(encoding="utf-8"))
    for name, value in settings.values.items():
        document[name] = list(value) if isinstance(value, tuple) else value
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(f".{os.getpid()}.partial")
    partial.write_text(tomlkit.dumps(document), encoding="utf-8")
    partial.replace(file)


def _checked(setting: Setting, value: object, file: Path) -> Value:
    if isinstance(value, list):
        value = tuple(value)
    fits = type(value) is type(setting.default) and (
        not isinstance(value, tuple) or all(isinstance(v, str) for v in value)
    )
    if not fits:
        kind = {str: "a text in quotes", bool: "true or false", int: "a whole number", tuple: "a list of texts"}
        raise SettingWrong(name=setting.name, file=file, value=value, remedy=f"write {kind[type(setting.default)]}")
    if setting.choices and value not in setting.choices:
        raise SettingWrong(
            name=setting.name, file=file, value=value, remedy=f"choose one of {', '.join(setting.choices)}"
        )
    assert isinstance(value, str | bool | int | tuple)  # noqa: S101 - the type of the default, as just checked
    return value


def _expect(setting: Setting, value: Value, kind: type[Kind]) -> Kind:
    if not isinstance(value, kind):
        raise BugError(f"setting {setting.name} is not {kind.__name__}")
    return value
