"""dev.py: what it would install, run and say, on machines that are not this one. Nothing here uses the network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

import dev
from tests.architecture.tree import ROOT
from tools.setup import environment, shell, system


class Machine:
    """A machine whose programs only write down that they were started; `answers` maps a word to an exit code."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ran: list[list[str]] = []
        self.answers: dict[str, int] = {}

    def run(
        self, command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None, talk: bool = False
    ) -> int:
        self.ran.append([*command])
        if "venv" in command:
            python = environment.python_of(Path(command[-1]))
            python.parent.mkdir(parents=True, exist_ok=True)
            python.symlink_to(sys.executable)
            (Path(command[-1]) / "pyvenv.cfg").write_text(f"home = {Path(sys.base_prefix) / 'bin'}\n")
            version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
            packages = Path(command[-1]) / "lib" / version / "site-packages"
            packages.mkdir(parents=True, exist_ok=True)
            (packages / "pip.py").touch()
        return next((code for word, code in self.answers.items() if word in command), 0)

    def installs(self) -> list[str]:
        """Which installer was called for which file."""
        pairs = []
        for command in self.ran:
            if "-r" in command:
                pairs.append(f"{'uv' if 'uv' in command else 'pip'} {Path(command[command.index('-r') + 1]).name}")
        return pairs


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """An empty folder in the place of the project's, with lock files of one package each."""
    if sys.platform == "win32":
        pytest.skip("the invented .venv is made with links")
    made = Machine(tmp_path)
    for name in (environment.RUNTIME, environment.TOOLS, environment.CLUSTER, environment.INSTALLER):
        (tmp_path / name).write_text(f"{name[12:15]}==1 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "run", made.run)
    monkeypatch.setattr(dev, "run", made.run)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "require_system", lambda wanted, makes_venv: None)
    return made


# ---- .venv and its stamp


def test_the_first_run_makes_everything_and_the_second_nothing(machine: Machine) -> None:
    environment.set_up(environment.RUNTIME)
    assert [command[1:3] for command in machine.ran[:1]] == [["-m", "venv"]]
    assert machine.installs() == ["pip requirements-setup.lock", "uv requirements.lock"]
    machine.ran.clear()
    environment.set_up(environment.RUNTIME)
    assert machine.ran == []


def test_what_changed_is_compiled_before_it_is_started(machine: Machine) -> None:
    app = machine.root / "app"
    app.mkdir()
    (app / "good.py").write_text("VALUE = 1\n")
    (app / "broken.py").write_text("VALUE = \n")
    environment.set_up(environment.RUNTIME)
    assert [path.name.split(".")[0] for path in (app / "__pycache__").iterdir()] == ["good"]


def test_every_installation_demands_hashes(machine: Machine) -> None:
    machine.answers = {"uv": 1}
    environment.set_up(environment.TOOLS)
    installs = [command for command in machine.ran if "install" in command]
    assert len(installs) == 3
    assert all("--require-hashes" in command and ":all:" in command for command in installs)


def test_the_demo_does_not_install_development_tools(machine: Machine) -> None:
    dev.main(["demo", "--no-window"])
    assert "requirements-dev.lock" not in str(machine.ran)


def test_after_the_tests_the_demo_has_nothing_to_install(machine: Machine) -> None:
    environment.set_up(environment.TOOLS)
    machine.ran.clear()
    environment.set_up(environment.RUNTIME)
    assert machine.ran == []


def test_a_changed_lock_file_is_installed_into_the_same_environment(machine: Machine) -> None:
    environment.set_up(environment.RUNTIME)
    machine.ran.clear()
    (machine.root / environment.RUNTIME).write_text("other==2\n")
    environment.set_up(environment.RUNTIME)
    assert not any("venv" in command for command in machine.ran)
    assert "uv requirements.lock" in machine.installs()


def test_an_interrupted_installation_is_done_again_from_the_start(machine: Machine) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    environment.set_up(environment.RUNTIME)
    (machine.root / environment.RUNTIME).write_text("other==2\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.set_up(environment.RUNTIME)
    (machine.root / ".venv" / "half a package").mkdir()
    machine.ran.clear()
    environment.set_up(environment.RUNTIME)
    assert any("venv" in command for command in machine.ran)
    assert not (machine.root / ".venv" / "half a package").exists()


def test_a_failed_installation_is_said_and_done_again(machine: Machine) -> None:
    machine.answers = {str(machine.root / environment.RUNTIME): 1}
    with pytest.raises(shell.SetupFault, match="could not be installed"):
        environment.set_up(environment.RUNTIME)
    assert environment.why_remake() == "an earlier set-up was interrupted"
    machine.answers = {}
    environment.set_up(environment.RUNTIME)
    assert environment.why_remake() == ""


def test_where_uv_cannot_be_had_pip_installs(machine: Machine) -> None:
    machine.answers = {str(machine.root / environment.INSTALLER): 1}
    environment.set_up(environment.RUNTIME)
    assert machine.installs() == ["pip requirements-setup.lock", "pip requirements.lock"]


def test_where_uv_fails_pip_installs(machine: Machine) -> None:
    machine.answers = {"uv": 2}
    environment.set_up(environment.RUNTIME)
    assert machine.installs()[1:] == ["uv requirements.lock", "pip requirements.lock"]


def test_an_environment_whose_python_was_removed_is_made_again(machine: Machine) -> None:
    environment.set_up(environment.RUNTIME)
    python = environment.python_of(machine.root / ".venv")
    python.unlink()
    python.symlink_to(machine.root / "no-such-python")
    assert environment.why_remake() == "its Python is gone"
    environment.set_up(environment.RUNTIME)
    assert environment.why_remake() == ""


def test_an_environment_of_another_python_is_made_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.set_up(environment.RUNTIME)
    real = f"{sys.version_info[0]}.{sys.version_info[1]}"
    monkeypatch.setattr("tools.setup.environment.sys.version_info", (3, 99, 0))
    assert environment.why_remake() == f"it has Python {real}, you started 3.99"
    environment.set_up(environment.RUNTIME)
    assert f"Making .venv again: it has Python {real}" in capfd.readouterr().err


def test_a_python_that_does_not_start_is_replaced(machine: Machine) -> None:
    environment.set_up(environment.RUNTIME)
    python = environment.python_of(machine.root / ".venv")
    python.unlink()
    python.write_text("not a program")
    assert environment.why_remake() == "its Python does not start"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"requirements.lock": "0"}'])
def test_a_stamp_that_cannot_be_trusted_counts_as_none(machine: Machine, text: str) -> None:
    environment.set_up(environment.RUNTIME)
    (machine.root / ".venv" / "installed.json").write_text(text)
    assert not environment.is_installed(environment.RUNTIME)


def test_the_stamp_is_the_hash_of_the_lock_file(machine: Machine) -> None:
    environment.set_up(environment.RUNTIME)
    stamp = json.loads((machine.root / ".venv" / "installed.json").read_text())
    assert re.fullmatch("[0-9a-f]{64}", stamp["requirements.lock"])
    assert not (machine.root / ".venv" / "unfinished").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="flock is looked at from outside")
def test_of_two_set_ups_at_once_the_second_one_waits(machine: Machine) -> None:
    import fcntl

    with (
        environment.one_at_a_time(),
        open(machine.root / ".venv" / "setup.lock", encoding="utf-8") as other,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


# ---- what the system has to have


def _lack(*sonames: str) -> Callable[[str], object]:
    def load(soname: str) -> object:
        if soname in sonames:
            raise OSError(f"{soname}: cannot open shared object file")
        return soname

    return load


@pytest.mark.parametrize(
    ("command", "args", "env", "libraries"),
    [
        ("test", [], {}, system.QT),
        ("test", [], {"DISPLAY": ":0"}, system.QT),
        ("check", [], {}, system.QT),
        ("lock", [], {"DISPLAY": ":0"}, {}),
        ("demo", [], {}, {}),
        ("demo", ["--no-window"], {"DISPLAY": ":0"}, {}),
        ("demo", [], {"DISPLAY": ":0"}, {**system.QT, **system.QT_X11}),
        ("demo", ["--window"], {"QT_QPA_PLATFORM": "offscreen"}, system.QT),
        ("run", [], {"DISPLAY": ":0"}, {**system.QT, **system.QT_X11}),
        ("run", [], {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, system.QT),
        ("run", [], {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {**system.QT, **system.QT_WAYLAND}),
        ("run", ["bills", "--json"], {"DISPLAY": ":0"}, {}),
    ],
)
def test_only_what_the_command_needs_is_demanded(
    command: str, args: list[str], env: dict[str, str], libraries: dict[str, str]
) -> None:
    assert system.needed_libraries(command, args, env, "linux") == libraries
    assert system.needed_libraries(command, args, env, "darwin") == {}
    assert system.needed_libraries(command, args, env, "win32") == {}


def test_what_the_loader_does_not_find_is_missing() -> None:
    assert system.missing_libraries(system.QT, _lack("libEGL.so.1")) == {"libEGL.so.1": "libegl1"}
    assert system.missing_libraries(system.QT, _lack()) == {}


def test_the_message_names_what_is_missing_and_one_command_on_debian() -> None:
    fault = system.system_fault({"libEGL.so.1": "libegl1"}, True, "apt-get", root=False)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert str(fault) == (
        "This system lacks the module that makes a .venv (ensurepip), libEGL.so.1.\n"
        f"All of it comes with: sudo apt-get install -y --no-install-recommends python{version}-venv libegl1"
    )


@pytest.mark.parametrize("manager", ["dnf", "zypper"])
def test_rpm_systems_are_asked_for_the_library_itself(manager: str) -> None:
    fault = system.system_fault({"libEGL.so.1": "libegl1"}, False, manager, root=True)
    assert str(fault).endswith(f"comes with: {manager} install -y 'libEGL.so.1()(64bit)'")


def test_without_a_known_package_manager_the_libraries_are_still_named() -> None:
    assert "lacks libGL.so.1." in str(system.system_fault({"libGL.so.1": "libgl1"}, False, "", root=False))


@pytest.fixture
def bare_debian(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A Debian without libEGL until apt-get install was run; returns the commands that were run."""
    ran: list[list[str]] = []

    def run_quietly(command: Sequence[str], env: Mapping[str, str]) -> None:
        assert env == {"DEBIAN_FRONTEND": "noninteractive"}
        ran.append([*command])

    def missing(wanted: Mapping[str, str]) -> dict[str, str]:
        return {} if any("install" in command for command in ran) else {"libEGL.so.1": "libegl1"}

    monkeypatch.setattr(system, "run_quietly", run_quietly)
    monkeypatch.setattr(system, "missing_libraries", missing)
    monkeypatch.setattr(
        "tools.setup.system.shutil.which", lambda name: f"/usr/bin/{name}" if name == "apt-get" else None
    )
    return ran


def test_root_on_debian_gets_it_installed(bare_debian: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    system.require_system(system.QT, lambda: False)
    assert bare_debian == [
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "libegl1"],
    ]


def test_an_ordinary_user_is_told_and_nothing_is_run(
    bare_debian: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(shell.SetupFault, match="sudo apt-get install -y --no-install-recommends libegl1"):
        system.require_system(system.QT, lambda: False)
    assert bare_debian == []


def test_the_venv_module_is_only_missed_where_a_venv_has_to_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.setup.system.importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("tools.setup.system.shutil.which", lambda name: None)
    system.require_system({}, lambda: False)
    with pytest.raises(shell.SetupFault, match="ensurepip"):
        system.require_system({}, lambda: True)


def test_an_older_python_is_told_which_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not system.is_supported((3, 10))
    assert system.is_supported((3, 11))
    assert system.is_supported((3, 14))
    assert not system.is_supported((3, 15))
    assert "brew install python@3.13" in str(system.python_fault((3, 9), "darwin"))
    assert "winget install" in str(system.python_fault((3, 9), "win32"))
    monkeypatch.setattr("tools.setup.system.shutil.which", lambda name: "/usr/bin/dnf" if name == "dnf" else None)
    assert "this is 3.9.\nOne comes with: sudo dnf install" in str(system.python_fault((3, 9), "linux"))


def test_the_supported_pythons_are_those_of_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    low, high = (".".join(map(str, version)) for version in (system.LOWEST, system.TOO_NEW))
    assert project["requires-python"] == f">={low},<{high}"


# ---- the commands


def test_the_commands_start_what_they_say(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    main = str(machine.root / "main.py")
    for argv, tail in [
        (["demo", "--no-window", "--folder", "x"], [main, "demo", "--no-window", "--folder", "x"]),
        (["run", "bills", "--json"], [main, "bills", "--json"]),
        (
            ["test", "tests/domain", "-k", "money"],
            ["-m", "pytest", "-n", "2", "--dist", "loadfile", "tests/domain", "-k", "money"],
        ),
    ]:
        assert dev.main(argv) == 0
        assert machine.ran[-1] == [str(environment.python_of(machine.root / ".venv")), *tail]


def test_the_tests_need_no_screen(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Mapping[str, str] | None] = []
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)

    def run(command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
        seen.append(env)
        return 0

    monkeypatch.setattr(dev, "run", run)
    dev.main(["test"])
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    dev.main(["test"])
    assert seen == [{"QT_QPA_PLATFORM": "offscreen"}, {"QT_QPA_PLATFORM": "xcb"}]


def test_an_exit_code_is_passed_on(machine: Machine) -> None:
    machine.answers = {"pytest": 3}
    assert dev.main(["test"]) == 3


def test_check_runs_every_step_and_names_the_failed_ones(machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    machine.answers = {"mypy": 7}
    assert dev.main(["check"]) == 7
    steps = [" ".join(command[1:]) for command in machine.ran if "install" not in command and "venv" not in command]
    assert [step.split(" ")[1] for step in steps] == ["ruff", "ruff", "mypy", "from", "pytest"]
    assert capfd.readouterr().err.endswith("Failed: types.\n")


def test_bench_runs_the_scripts_of_that_name(machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    (machine.root / "bench").mkdir()
    for name in ("store.py", "rating.py", "_timing.py", "__init__.py"):
        (machine.root / "bench" / name).touch()
    assert dev.main(["bench"]) == 0
    assert [Path(command[-1]).name for command in machine.ran[-2:]] == ["rating.py", "store.py"]
    assert dev.main(["bench", "nothing"]) == 1
    assert "No such benchmark: nothing. There are: rating, store." in capfd.readouterr().err


def test_pyspark_is_installed_only_where_it_is_asked_for(machine: Machine) -> None:
    (machine.root / "bench").mkdir()
    for name in ("rating.py", "spark.py"):
        (machine.root / "bench" / name).touch()
    assert dev.main(["test"]) == dev.main(["bench"]) == 0
    assert machine.installs() == ["pip requirements-setup.lock", "uv requirements-dev.lock"]
    assert Path(machine.ran[-1][-1]).name == "rating.py"
    machine.ran.clear()
    assert dev.main(["test", "--cluster", "-k", "spark"]) == 0
    assert machine.installs() == ["pip requirements-setup.lock", "uv requirements-cluster.lock"]
    assert machine.ran[-1][-3:] == ["loadfile", "-k", "spark"]
    machine.ran.clear()
    assert dev.main(["bench", "spark"]) == 0
    assert [Path(command[-1]).name for command in machine.ran] == ["spark.py"]


def test_what_builds_pyspark_is_checked_as_well(machine: Machine, capfd: pytest.CaptureFixture[str]) -> None:
    dev.main(["test", "--cluster"])
    installed = next(command for command in machine.ran if "--no-binary" in command)
    assert {"--require-hashes", "--build-constraints", ":all:", "pyspark"} <= set(installed)
    (machine.root / environment.CLUSTER).write_text("other==2\n")
    machine.answers = {"uv": 1}
    assert dev.main(["test", "--cluster"]) == 1
    assert "PySpark could not be installed" in capfd.readouterr().err
    assert "pip requirements-cluster.lock" not in machine.installs()


def test_the_lock_files_are_made_for_all_systems_with_hashes_and_without_hosts(machine: Machine) -> None:
    assert dev.main(["lock", "--upgrade"]) == 0
    compiled = machine.ran[-4:]
    locks = [environment.RUNTIME, environment.TOOLS, environment.CLUSTER, environment.INSTALLER]
    assert [command[-1] for command in compiled] == locks
    for command in compiled:
        wanted = {"--universal", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--upgrade"}
        assert wanted <= set(command)


def test_interruption_is_said_in_one_word(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "run", interrupted)
    assert dev.main(["demo"]) == 130


def test_help_shows_every_command(capfd: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    shown = capfd.readouterr().out
    assert all(f"\n  {name} " in shown for name in ("demo", "run", "test", "check", "bench", "lock"))
    assert dev.main(["bench", "--help"]) == 0
    assert "usage: python3 dev.py bench" in capfd.readouterr().out


def test_an_unknown_command_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["tset"]) == 2
    assert "no command 'tset'" in capfd.readouterr().err


def test_a_program_that_a_signal_ended_has_a_telling_exit_code() -> None:
    assert shell.run([sys.executable, "-c", "raise SystemExit(5)"]) == 5
    if sys.platform != "win32":
        assert shell.run([sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"]) == 137


def test_a_quiet_program_that_fails_is_quoted() -> None:
    asked = [sys.executable, "-c", "print('no space left'); raise SystemExit(1)"]
    with pytest.raises(shell.SetupFault, match="no space left"):
        shell.run_quietly(asked, {})


# ---- the real files


def test_dev_runs_on_the_standard_library_alone() -> None:
    """-I -S leaves nothing but the standard library and the project's own folder."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import dev; print(dev.usage())"
    answer = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_the_lock_with_the_tools_names_everything_of_the_other_one() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return {line.split(" ")[0] for line in text.splitlines() if re.match(r"[a-z0-9]", line)}

    assert pins(environment.RUNTIME) < pins(environment.TOOLS)
    assert pins(environment.RUNTIME) < pins(environment.CLUSTER)
    more = {pin.split("==")[0] for pin in pins(environment.CLUSTER) - pins(environment.TOOLS)}
    assert more == {"py4j", "pyspark", "setuptools"}


def test_every_dependency_of_the_project_file_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirements, name in (
        (project["dependencies"], environment.RUNTIME),
        (project["optional-dependencies"]["dev"], environment.TOOLS),
        (project["optional-dependencies"]["cluster"], environment.CLUSTER),
    ):
        locked = (ROOT / name).read_text(encoding="utf-8")
        wanted = [re.split(r"[\[>=<; ]", requirement)[0].lower() for requirement in requirements]
        assert [package for package in wanted if not re.search(rf"^{re.escape(package)}(\[|==)", locked, re.M)] == []


def test_ci_calls_the_command_of_the_readme_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith("#")]
    assert commands == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "exec python3 dev.py test"]
    assert "python3 dev.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
