"""Settings that are wrong are named, with the remedy, before anything starts."""

from pathlib import Path

import pytest

from rushes.settings import load
from rushes.trouble import CannotStart


def loaded(tmp_path: Path, file: str = "", **environment: str) -> object:
    (tmp_path / ".env").write_text(file)
    return load(environment, tmp_path / ".env")


def refusal(tmp_path: Path, file: str = "", **environment: str) -> str:
    with pytest.raises(CannotStart) as caught:
        loaded(tmp_path, file, **environment)
    return str(caught.value)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = load({}, tmp_path / "no such file")
    assert (settings.web_host, settings.web_port, settings.keys) == ("127.0.0.1", 8080, {})


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RUSHES_WEB_PORT=1\nRUSHES_WEB_HOST=::1\n")
    settings = load({"RUSHES_WEB_PORT": "2"}, tmp_path / ".env")
    assert (settings.web_port, settings.web_host) == (2, "::1")


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RUSHES_FAL_KEY=\n")
    assert load({"RUSHES_WEB_PORT": " "}, tmp_path / ".env").keys == {}


def test_a_key_switches_its_provider_on(tmp_path: Path) -> None:
    settings = load({"RUSHES_FAL_KEY": "a", "RUSHES_PIXVERSE_KEY": "b"}, tmp_path / ".env")
    assert list(settings.keys) == ["fal", "pixverse"]


def test_what_others_set_is_none_of_our_business(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("OTHER=1\nexport PATH=/x\n")
    load({"HOME": "/root"}, tmp_path / ".env")


def test_a_value_of_the_wrong_kind_is_named_with_what_would_be_right(tmp_path: Path) -> None:
    assert refusal(tmp_path, RUSHES_WEB_PORT="abc") == (
        "RUSHES_WEB_PORT cannot be abc. Set it to a port from 0 to 65535, in .env or in the environment."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RUSHES_WEB_PORT", "70000"),
        ("RUSHES_SIMULATOR_SPEED", "0"),
        ("RUSHES_SIMULATOR_SPEED", "fast"),
        ("RUSHES_PARALLEL", "0"),
        ("RUSHES_LOG_LEVEL", "loud"),
        ("RUSHES_FAL_QUEUE_URL", "queue.fal.run"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    assert refusal(tmp_path, **{name: value}).startswith(f"{name} cannot be {value}. Set it to ")


def test_a_setting_that_does_not_exist_is_refused_with_the_nearest(tmp_path: Path) -> None:
    assert refusal(tmp_path, "RUSHES_WEBPORT=1\n") == "RUSHES_WEBPORT is not a setting. Did you mean RUSHES_WEB_PORT?"


def test_a_setting_like_none_of_ours_is_refused_with_the_list(tmp_path: Path) -> None:
    assert "Settings are RUSHES_DATA_DIR, " in refusal(tmp_path, RUSHES_XYZZY_PLUGH="1")


@pytest.mark.parametrize("line", ["RUSHES_WEB_PORT", 'RUSHES_WEB_HOST="127.0.0.1', "=5", "!!!"])
def test_a_line_that_is_no_setting_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    assert refusal(tmp_path, f"# a comment\n\n{line}\n").startswith("line 3 of ")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CannotStart, match="cannot be read"):
        load({}, tmp_path / ".env")


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    settings = load({"RUSHES_FAL_KEY": "id:secret"}, tmp_path / ".env")
    assert "secret" not in repr(settings)
    assert "secret" not in str(settings)


def test_every_setting_is_explained_in_the_example_file() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text()
    for field in type(load({}, Path("/nowhere"))).model_fields:
        assert f"RUSHES_{field.upper()}=" in example
