"""Strangers' addresses that would lead into our own network."""

import socket
from ipaddress import ip_address

import httpx
import pytest

from adapters.media.addresses import Addresses, PublicResolver, is_public
from adapters.media.library import media_transport
from adapters.network import open_client
from bot.trouble import MediaForbidden

ANYWHERE = Addresses()
STAND_IN = Addresses(["127.0.0.1:9001", "Stand.Example"])


@pytest.mark.parametrize(
    "url", ["https://v3.fal.media/a.mp4", "https://cdn.aimlapi.com:443/panda/a%2Fb.mp4", "https://93.184.216.34/a"]
)
def test_public_https_is_allowed(url: str) -> None:
    ANYWHERE.check(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://v3.fal.media/a.mp4",
        "https://v3.fal.media:8443/a.mp4",
        "https://127.0.0.1/a",
        "https://127。0。0。1/a",
        "https://10.0.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[64:ff9b::7f00:1]/a",
        "https://[2002:7f00:1::]/a",
        "https://[fe80::1%25eth0]/a",
        "https://user@127.0.0.1/a",
        "https://0.0.0.0/a",
        "https://224.0.0.1/a",
        "https:///a",
        "file:///etc/passwd",
        "https://host:99999/a",
        "https://host/\udca9",
        "",
    ],
)
def test_everything_else_is_forbidden(url: str) -> None:
    with pytest.raises(MediaForbidden):
        ANYWHERE.check(url)


def test_a_trusted_host_may_be_anything_but_only_at_the_port_that_was_named() -> None:
    STAND_IN.check("http://127.0.0.1:9001/a.mp4")
    STAND_IN.check("http://stand.example:1234/a.mp4")
    with pytest.raises(MediaForbidden):
        STAND_IN.check("http://127.0.0.1:9002/a.mp4")


async def test_a_name_that_means_this_machine_is_not_connected_to() -> None:
    resolver = PublicResolver(ANYWHERE)
    with pytest.raises(OSError, match="not a public address"):
        await resolver.resolve("localhost", 443)
    await resolver.close()


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f.1", "127.1"])
async def test_this_machine_is_not_connected_to_in_another_spelling(spelling: str) -> None:
    resolver = PublicResolver(ANYWHERE)
    with pytest.raises(OSError, match="not a public address"):
        await resolver.resolve(spelling, 443)


class Names:
    """What a name means, each time that it is asked for."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def __call__(self, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in self.answers.pop(0)]


async def test_a_name_that_means_something_else_the_next_time_is_judged_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(["93.184.216.34"], ["127.0.0.1"]))
    resolver = PublicResolver(ANYWHERE)
    (found,) = await resolver.resolve("rebinding.example", 443)
    assert found["host"] == "93.184.216.34"
    with pytest.raises(OSError, match="not a public address"):
        await resolver.resolve("rebinding.example", 443)


async def test_of_several_addresses_only_the_public_ones_are_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(["10.0.0.1", "93.184.216.34", "169.254.169.254"]))
    assert [found["host"] for found in await PublicResolver(ANYWHERE).resolve("both.example", 443)] == ["93.184.216.34"]


async def test_the_client_that_fetches_looks_a_name_up_once_and_connects_to_what_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = Names(["127.0.0.1"], ["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as ours:
        ours.setblocking(False)  # noqa: FBT003 - the library's
        port = ours.getsockname()[1]
        async with open_client(transport=media_transport(ANYWHERE)) as client:
            monkeypatch.setattr(socket, "getaddrinfo", names)
            with pytest.raises(httpx.TransportError, match="not a public address"):
                await client.get(f"http://rebinding.example:{port}/")
        with pytest.raises(BlockingIOError):
            ours.accept()
    assert len(names.answers) == 1


@pytest.mark.parametrize("trusted", ["localhost", "localhost:9001"])
async def test_a_trusted_name_may_mean_this_machine(trusted: str) -> None:
    assert await PublicResolver(Addresses([trusted])).resolve("localhost", 443)


@pytest.mark.parametrize(("address", "public"), [("8.8.8.8", True), ("100.64.0.1", False), ("2606:4700::1", True)])
def test_what_is_public(address: str, public: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_public(ip_address(address)) is public
