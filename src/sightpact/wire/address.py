"""Which network addresses the gateway may connect to as cameras. Pure: no sockets, no names, no settings.

Used twice: when a camera is entered (`cameras`), and by the edge at connect. There the caller resolves a
name once and connects to exactly the address that was checked here; checking the name and connecting to the
name would let a DNS answer change in between (rebinding).
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Addresses at which clouds hand out machine credentials; some lie outside the link-local range.
METADATA: dict[str, str] = {
    "169.254.169.254": "AWS, Azure, Google, OpenStack",
    "169.254.170.2": "AWS containers",
    "168.63.129.16": "Azure",
    "100.100.100.200": "Alibaba",
    "192.0.0.192": "Oracle",
    "fd00:ec2::254": "AWS",
    "fd20:ce::254": "Google",
}
_METADATA = {ip_address(text) for text in METADATA}
_NAT64 = ip_network("64:ff9b::/96")


def allowed(ip: str, extra_networks: Iterable[str] = ()) -> str | None:
    """May the gateway connect to this address?

    Args:
        ip: an address literal, as resolved (never a host name).
        extra_networks: networks in CIDR form that this site allows beyond the ordinary ones, e.g.
        "127.0.0.0/8".

    Returns:
        None when it may; otherwise the reason in words. An `ip` or network that cannot be read is a reason
        too.
    """
    try:
        address = ip_address(ip.split("%", 1)[0])
    except ValueError:
        return f"{ip!r} is not an address"
    real = embedded(address)
    try:
        networks = [ip_network(text, strict=False) for text in extra_networks]
    except ValueError as fault:
        return f"an allowed network cannot be read: {fault}"
    if any(_inside(candidate, network) for network in networks for candidate in {address, real}):
        return None
    return _objection(real)


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 form stands for: a guard that looks at the wrapper only can be walked
    around."""
    if not isinstance(address, IPv6Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or ((int(address) >> 32) == 0 and int(address) > 1):  # NAT64, deprecated ::a.b.c.d
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _inside(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _objection(address: Address) -> str | None:
    if address in _METADATA:
        return f"{address} is a cloud metadata address"
    if address.is_unspecified or (address.version == 4 and int(address) >> 24 == 0):
        return f"{address} is an unspecified address"
    if address.is_loopback:
        return f"{address} is a loopback address (this machine itself)"
    if address.is_link_local:
        return f"{address} is a link-local address"
    if address.is_multicast:
        return f"{address} is a multicast address"
    if address.version == 4 and int(address) >> 28 == 15:
        return f"{address} is a reserved or broadcast address"
    return None
