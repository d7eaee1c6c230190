"""The command line from outside, as a process."""

import os
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest


def rushes(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    ours = {name: value for name, value in os.environ.items() if not name.startswith("RUSHES_")}
    return subprocess.run(
        [sys.executable, "-m", "rushes", *arguments],
        cwd=folder,
        env=ours | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(folder: Path, *arguments: str, **environment: str) -> str:
    """The one line on standard error of a command that cannot start."""
    done = rushes(folder, *arguments, **environment)
    assert done.returncode == 2, done
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_the_version_is_told(tmp_path: Path) -> None:
    assert re.fullmatch(r"rushes \d+\.\d+\.\d+\n", rushes(tmp_path, "--version").stdout)


def test_help_names_every_command(tmp_path: Path) -> None:
    told = rushes(tmp_path, "--help").stdout
    assert all(command in told for command in ("run", "check", "db", "simulate"))


def test_a_setting_that_does_not_exist_stops_the_start_in_one_line(tmp_path: Path) -> None:
    assert "RUSHES_WEB_PROT is not a setting. Did you mean RUSHES_WEB_PORT?" in refusal(
        tmp_path, "run", RUSHES_WEB_PROT="1"
    )


def test_a_malformed_file_stops_the_start_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("what is this\n")
    assert "line 1 of .env is not NAME=value" in refusal(tmp_path, "run")


def test_a_port_that_is_taken_stops_the_start_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"RUSHES_WEB_PORT is {port}" in refusal(tmp_path, "run", RUSHES_WEB_PORT=port)


def test_a_host_that_is_not_here_stops_the_start_in_one_line(tmp_path: Path) -> None:
    assert "RUSHES_WEB_HOST is no.such.host.invalid" in refusal(
        tmp_path, "run", RUSHES_WEB_HOST="no.such.host.invalid", RUSHES_WEB_PORT="0"
    )


def test_a_data_folder_that_cannot_be_written_stops_the_start_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "RUSHES_DATA_DIR is file/data, which cannot be written to" in refusal(
        tmp_path, "run", RUSHES_DATA_DIR="file/data", RUSHES_WEB_PORT="0"
    )


def test_a_database_of_a_later_version_stops_the_start_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    later = sqlite3.connect(tmp_path / "data" / "rushes.db")
    later.execute("PRAGMA user_version = 999")
    later.close()
    assert "version 999" in refusal(tmp_path, "run", RUSHES_WEB_PORT="0")


def test_what_is_no_database_stops_the_start_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rushes.db").write_bytes(b"this is not a database" * 1000)
    assert "is not a database. Have `rushes db restore`" in refusal(tmp_path, "run", RUSHES_WEB_PORT="0")


def test_a_simulator_on_a_port_that_is_taken_stops_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"--port {port}" in refusal(tmp_path, "simulate", "--port", port)


def test_check_tells_what_runs(tmp_path: Path) -> None:
    done = rushes(tmp_path, "check", RUSHES_WEB_PORT="0")
    assert done.returncode == 0, done
    assert "simulator" in done.stdout


def test_check_fails_where_something_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    done = rushes(tmp_path, "check")
    assert done.returncode == 1
    assert "RUSHES_DATA_DIR" in done.stdout


@pytest.mark.parametrize("command", [(), ("dance",), ("run", "--fast")])
def test_a_command_that_does_not_exist_is_explained(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = rushes(tmp_path, *command)
    assert done.returncode == 2
    assert "usage: rushes" in done.stderr
