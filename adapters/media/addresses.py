"""Where a clip may be fetched from: the address comes from a stranger, and must not lead into our own network."""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.trouble import MediaForbidden

_TUNNELS = (IPv6Network("64:ff9b::/96"), IPv6Network("2002::/16"), IPv6Network("2001::/32"))
"""IPv6 addresses that stand for an IPv4 address, which could be any."""


class Addresses:
    """`trusted` names hosts, or host:port, that may be anything: a stand-in on this machine, for example."""

    def __init__(self, trusted: Collection[str] = ()) -> None:
        self._trusted = frozenset(host.casefold() for host in trusted)

    def check(self, url: str) -> None:
        """Raises `MediaForbidden` unless the address is public https at the usual port, as far as it can be seen."""
        try:
            # Read as the client will read it, who knows other dots than the full stop, for example.
            parts = httpx.URL(url)
            host, port = parts.raw_host.decode().casefold(), parts.port
        except (httpx.InvalidURL, ValueError) as error:
            raise MediaForbidden("not an address") from error
        if self.trusts(host) or f"{host}:{port}" in self._trusted:
            return
        if parts.scheme != "https" or port not in (None, 443) or not host:
            raise MediaForbidden("not https at the usual port")
        if (literal := _literal(host)) and not is_public(literal):
            raise MediaForbidden("not a public address")

    def trusts(self, host: str) -> bool:
        return host in self._trusted

    def names_a_port_of(self, host: str) -> bool:
        return any(trusted.rpartition(":")[0] == host for trusted in self._trusted)


class PublicResolver(AbstractResolver):
    """Checks at the moment of the connect, so that a name cannot mean one address when asked and another when used."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if self._addresses.trusts(host) or self._addresses.names_a_port_of(host):
            return found
        public = [result for result in found if is_public(ip_address(result["host"].partition("%")[0]))]
        if not public:
            raise OSError(None, "not a public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None
