"""Which addresses may be fetched: no private, loopback or link-local one unless the office allows it."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.errors import XunjianError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Spelled out rather than taken from ipaddress.is_private, whose answers differ between versions of Python.
_NOT_PUBLIC_4: Final = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier NAT, and the metadata service of Alibaba Cloud
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the platform address inside Azure
        "169.254.0.0/16",  # link-local, and the metadata service of most clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_6: Final = IPv6Network("2000::/3")  # all that is handed out; the rest is loopback, local, multicast, reserved
_NOT_PUBLIC_6: Final = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_COMPATIBLE: Final = IPv6Network("::/96")
_6TO4: Final = IPv6Network("2002::/16")
_NAT64: Final = IPv6Network("64:ff9b::/96")


class ForbiddenAddressError(XunjianError):
    """A name or an address leads into a network that is not to be fetched from; ``host`` as asked for."""

    def __init__(self, host: str, addresses: Sequence[str]) -> None:
        self.host = host
        self.addresses = tuple(addresses)
        super().__init__(
            f"主机 {host} 指向内部网络或保留地址（{'、'.join(addresses)}）；"
            "确需采集的，请在配置 crawl.allow_private_addresses 中列明"
        )


def literal(host: str) -> Address | None:
    """Return the address that a host states by itself, also in an odd form (2130706433, 0x7f.1, 127.1), or None."""
    bare = host.strip("[]").rstrip(".")
    try:
        return ip_address(bare)
    except ValueError:
        pass
    try:
        # What getaddrinfo accepts as an IPv4 address without asking anyone.
        return IPv4Address(socket.inet_aton(bare)) if bare and not any(c.isspace() for c in bare) else None
    except (OSError, UnicodeError):
        return None


def is_forbidden(address: Address, allowed: Sequence[Network]) -> bool:
    """Say whether an address must not be connected to: it is not public, and ``allowed`` does not hold it.

    An IPv6 address that carries an IPv4 address (mapped, compatible, 6to4, NAT64) is as forbidden as that one.
    """
    if _within(address, allowed):
        return False
    carried = _carried(address)
    if carried is not None:
        return is_forbidden(carried, allowed)
    if isinstance(address, IPv4Address):
        return _within(address, _NOT_PUBLIC_4)
    return address not in _GLOBAL_6 or _within(address, _NOT_PUBLIC_6)


def check_host(host: str, allowed: Sequence[Network]) -> None:
    """Refuse a host that states a forbidden address by itself; a name is left to the resolver.

    Raises ForbiddenAddressError.
    """
    address = literal(host)
    if address is not None and is_forbidden(address, allowed):
        raise ForbiddenAddressError(host, [str(address)])


class CheckedResolver(AbstractResolver):
    """The system's name resolution, without the addresses that must not be connected to.

    Forbidden addresses are dropped, and the name is refused only where none is left: a name with one inner and one
    outer address is reachable from outside all the same, and only addresses that passed are handed to the connector,
    which connects to them without asking again (so a name cannot be bound anew in between).
    """

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = tuple(allowed)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a host that may be connected to.

        Raises OSError (socket.gaierror) where there are none, ForbiddenAddressError where all are forbidden.
        """
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG)
        passed = [each for each in found if not is_forbidden(ip_address(each[4][0]), self._allowed)]
        if not passed:
            raise ForbiddenAddressError(host, list(dict.fromkeys(str(each[4][0]) for each in found)))
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=each_family,
                proto=proto,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for each_family, _, proto, _, address in passed
        ]

    async def close(self) -> None:
        """Nothing is held open."""


def _within(address: Address, nets: Sequence[Network]) -> bool:
    return any(address.version == net.version and address in net for net in nets)


def _carried(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that traffic to an IPv6 address ends up at, or None."""
    if isinstance(address, IPv4Address):
        return None
    if address in _6TO4:
        return IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    if address in _MAPPED or address in _COMPATIBLE or address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
