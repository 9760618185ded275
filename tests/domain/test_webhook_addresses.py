"""Where webhooks may lead."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.webhook_addresses import LONGEST_URL, all_public, is_public, place_of


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.255", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1", "224.0.0.1",
        "239.255.255.250", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:9.9.9.9", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::909:909", "64:ff9b:1::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
        "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "100::1", "", "localhost", "1.2.3",
    ],
)  # fmt: skip
def test_what_is_not_on_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2620:fe::fe", "2a00::1"])
def test_what_is_on_it_is(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_nothing_that_python_calls_private_is_public(address: object) -> None:
    read = ip_address(str(address))
    if is_public(str(read)):
        assert read.is_global
        assert not any([read.is_multicast, read.is_loopback, read.is_link_local, read.is_unspecified])


def test_one_address_inside_is_one_too_many_and_none_is_none() -> None:
    assert all_public(["9.9.9.9", "2620:fe::fe"])
    assert not all_public(["9.9.9.9", "10.0.0.1"])
    assert not all_public([])


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://example.org", "example.org", "/"),
        ("https://Example.ORG/hooks?a=b&c=%20", "example.org", "/hooks?a=b&c=%20"),
        ("https://example.org:443/", "example.org", "/"),
        ("https://example.org:8443/x", "example.org:8443", "/x"),
        ("https://9.9.9.9/", "9.9.9.9", "/"),
        ("https://[2620:fe::fe]:8443/", "[2620:fe::fe]:8443", "/"),
        ("https://xn--caf-dma.example/", "xn--caf-dma.example", "/"),
    ],
)
def test_a_url_is_taken_apart_once(url: str, authority: str, target: str) -> None:
    place = place_of(url, to_private=False)
    assert place is not None
    assert (place.tls, place.authority, place.target) == (True, authority, target)


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "http://example.org/", "ftp://example.org/", "//example.org/", "https://", "https:///x",
        "https://user@example.org/", "https://user:word@example.org/", "https://@example.org/",
        "https://example.org:22/", "https://example.org:80/", "https://example.org:0/", "https://example.org:65536/",
        "https://example.org:1023/", "https://example.org:x/", "https://example.org/#a", "https://example.org\\@a.b/",
        "https://exa mple.org/", "https://example.org/\r\nHost: x", "https://example.org/\x00", "https://café.example/",
        "https://ⓔxample.org/", "https://ex_ample.org/", "https://-example.org/", "https://[::1%25lo]/",
        "https://[::1", "https://a/" + "a" * LONGEST_URL,
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_none(url: str) -> None:
    assert place_of(url, to_private=False) is None


def test_for_trials_http_and_any_port_are_fine() -> None:
    for url in ("http://127.0.0.1:80/", "http://localhost:81/hooks", "https://[::1]:22/"):
        assert place_of(url, to_private=True) is not None
    assert place_of("file:///etc/passwd", to_private=True) is None


@given(st.text(max_size=60))
def test_nothing_makes_it_stumble(text: str) -> None:
    place_of(f"https://{text}", to_private=False)
    place_of(text, to_private=True)
    is_public(text)
