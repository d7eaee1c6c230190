"""What the container and the service are let do, as their files say; `make image` builds and runs the one."""

import configparser
from pathlib import Path

import yaml

from rushes.settings import PREFIX, Settings
from tests.image.dockerfile import let_in, stages

PROJECT = Path(__file__).parents[2]
SERVICE = PROJECT / "deploy" / "rushes.service"
LAST = stages(PROJECT / "Dockerfile")[-1]
COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"]


def test_the_image_runs_as_nobody_and_is_told_to_stop_itself() -> None:
    uid, _, gid = LAST.last("USER").said.partition(":")
    assert int(uid) == int(gid) > 1000
    # In the form without a shell, which would keep SIGTERM to itself.
    assert LAST.last("ENTRYPOINT").words + LAST.last("CMD").words == ["rushes", "run"]
    assert LAST.last("HEALTHCHECK").said.endswith('CMD ["rushes", "health"]')
    assert LAST.last("STOPSIGNAL").said == "SIGTERM"


def test_nothing_that_is_secret_or_only_here_goes_into_the_image() -> None:
    copied = {
        word.rstrip("/")
        for stage in stages(PROJECT / "Dockerfile")
        for step in stage.steps
        if step.word == "COPY" and "--from" not in step.said
        for word in step.words[:-1]
    }
    assert copied == let_in(PROJECT / ".dockerignore") - {"**/__pycache__"}
    assert all((PROJECT / name).exists() for name in copied)


def test_containers_can_write_to_their_volumes_alone_and_have_no_rights() -> None:
    for name, service in COMPOSE.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert all(port.startswith("127.0.0.1:") for port in service["ports"]), name


def test_what_the_files_set_are_settings() -> None:
    known = {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}
    unit = service_unit()
    told = [word.partition("=")[0] for word in (*LAST.last("ENV").words, *unit["Environment"].split())]
    told += COMPOSE["rushes"]["environment"]
    ours = {name for name in told if name.startswith(PREFIX)}
    assert len(ours) > 5
    assert ours <= known


def test_the_service_has_no_rights_either() -> None:
    unit = service_unit()
    assert unit["ExecStart"].split()[1:] == ["run"]
    assert unit["CapabilityBoundingSet"] == ""
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictSUIDSGID"):
        assert unit[name] == "yes", name


def test_the_service_lets_the_processes_that_look_into_clips_be_walled_in() -> None:
    lines = SERVICE.read_text().splitlines()
    allowed = {
        word for line in lines if line.startswith("SystemCallFilter=") for word in line.partition("=")[2].split()
    }
    assert {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "@system-service"} <= allowed


def service_unit() -> configparser.SectionProxy:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign] # names of systemd have capitals
    unit.read(SERVICE)
    return unit["Service"]
