import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import CheckedResolver, ForbiddenAddressError, check_host, is_forbidden, literal

FORBIDDEN = [
    pytest.param("127.0.0.1", id="loopback"),
    pytest.param("10.1.2.3", id="private-10"),
    pytest.param("172.16.0.1", id="private-172"),
    pytest.param("172.31.255.255", id="private-172-end"),
    pytest.param("192.168.1.1", id="private-192"),
    pytest.param("169.254.169.254", id="cloud-metadata"),
    pytest.param("100.100.100.200", id="alibaba-metadata"),
    pytest.param("100.64.0.1", id="carrier-nat"),
    pytest.param("168.63.129.16", id="azure-platform"),
    pytest.param("0.0.0.0", id="unspecified"),
    pytest.param("224.0.0.1", id="multicast"),
    pytest.param("255.255.255.255", id="broadcast"),
    pytest.param("240.0.0.1", id="reserved"),
    pytest.param("::", id="unspecified-6"),
    pytest.param("::1", id="loopback-6"),
    pytest.param("fe80::1", id="link-local-6"),
    pytest.param("fe80::1%eth0", id="link-local-scoped"),
    pytest.param("fd00:ec2::254", id="unique-local"),
    pytest.param("ff02::1", id="multicast-6"),
    pytest.param("::ffff:127.0.0.1", id="mapped"),
    pytest.param("::127.0.0.1", id="compatible"),
    pytest.param("2002:7f00:1::", id="6to4"),
    pytest.param("64:ff9b::a00:1", id="nat64"),
    pytest.param("64:ff9b:1::a00:1", id="nat64-local"),
    pytest.param("2001:0:4136:e378:8000:63bf:80ff:fffe", id="teredo"),
    pytest.param("2001:db8::1", id="documentation-6"),
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_inner_address_is_forbidden(text: str) -> None:
    assert is_forbidden(ip_address(text), ())


@pytest.mark.parametrize(
    "text",
    ["8.8.8.8", "114.114.114.114", "172.32.0.1", "100.128.0.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_public_address_may_be_fetched(text: str) -> None:
    assert not is_forbidden(ip_address(text), ())


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "017700000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "[::1]",
        "::ffff:7f00:1",
    ],
)
def test_odd_forms_of_loopback_are_seen(host: str) -> None:
    with pytest.raises(ForbiddenAddressError, match="allow_private_addresses"):
        check_host(host, ())


@pytest.mark.parametrize("host", ["rss.example.gov.cn", "a.b", "", "1.2.3.4.5", "127.0.0.1 x", "cafe"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal(host) is None


def test_allowed_network_opens_that_network_alone() -> None:
    allowed = (ip_network("127.0.0.2/32"),)
    assert not is_forbidden(ip_address("127.0.0.2"), allowed)
    assert not is_forbidden(ip_address("::ffff:127.0.0.2"), allowed)
    assert is_forbidden(ip_address("127.0.0.1"), allowed)


@given(st.ip_addresses(v=4))
def test_an_ipv6_address_is_as_forbidden_as_the_ipv4_address_it_carries(inner: IPv4Address) -> None:
    number = int(inner)
    carriers = [(0xFFFF << 32) | number, (0x2002 << 112) | (number << 80), (0x64FF9B << 96) | number]
    for carrier in carriers:
        assert is_forbidden(IPv6Address(carrier), ()) == is_forbidden(inner, ())


@given(st.ip_addresses(v=4))
def test_every_form_of_an_address_is_the_same_address(address: IPv4Address) -> None:
    number = int(address)
    assert {literal(str(number)), literal(hex(number)), literal(str(address))} == {address}


@given(st.ip_addresses())
def test_what_python_calls_private_is_forbidden(address: IPv4Address | IPv6Address) -> None:
    if address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified:
        assert is_forbidden(address, ())


def answers(*addresses: str) -> object:
    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    return getaddrinfo


def test_resolver_drops_inner_addresses_and_keeps_outer_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("10.0.0.1", "114.114.114.114", "::1"))
    found = asyncio.run(CheckedResolver(()).resolve("both.example", 80))
    assert [each["host"] for each in found] == ["114.114.114.114"]


def test_resolver_refuses_a_name_with_inner_addresses_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers("10.0.0.1", "fd00::1"))
    with pytest.raises(ForbiddenAddressError, match="inner.example.*10.0.0.1、fd00::1"):
        asyncio.run(CheckedResolver(()).resolve("inner.example", 80))
