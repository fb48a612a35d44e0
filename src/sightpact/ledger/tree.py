"""The Merkle tree of RFC 6962 / RFC 9162: appending, proofs and their verification, under the RFC's names.

Pure: hashes in, hashes out. Stored are the roots of complete subtrees, addressed (level, index); everything else
is recomputed. Source: RFC 9162 section 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from sightpact.ledger.errors import BadProof

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = tuple[int, int, bytes]  # level, index, hash
GetNodes = Callable[[Sequence[tuple[int, int]]], Sequence[bytes]]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(
    size: int, frontier: Sequence[bytes], leaves: Iterable[bytes]
) -> tuple[int, list[bytes], list[Node]]:
    """Add leaf hashes.

    Args:
        size: number of leaves before.
        frontier: roots of the complete subtrees of that size, largest first (one per 1-bit of `size`).
        leaves: leaf hashes to add.
    Returns:
        the new size, the new frontier, and the nodes to store (about two per leaf).
    """
    stack = list(frontier)
    if len(stack) != size.bit_count():
        raise ValueError(f"a tree of {size} has {size.bit_count()} complete subtrees, not {len(stack)}")
    made: list[Node] = []
    for leaf in leaves:
        level, index, carried = 0, size, leaf
        made.append((level, index, carried))
        while index & 1:
            carried = node_hash(stack.pop(), carried)
            level, index = level + 1, index >> 1
            made.append((level, index, carried))
        stack.append(carried)
        size += 1
    return size, stack, made


def root_of(frontier: Sequence[bytes]) -> bytes:
    """Root of the tree whose complete subtrees these are, largest first."""
    if not frontier:
        return EMPTY_ROOT
    root = frontier[-1]
    for left in reversed(frontier[:-1]):
        root = node_hash(left, root)
    return root


def frontier_at(size: int) -> list[tuple[int, int]]:
    """Addresses of the complete subtrees of a tree of `size` leaves, largest first."""
    addresses, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            addresses.append((level, start >> level))
            start += 1 << level
    return addresses


def inclusion_path(index: int, size: int) -> list[list[tuple[int, int]]]:
    """PATH(index, D[size]): for each hash of the proof, leaf upwards, the complete subtrees it is folded from."""
    if not 0 <= index < size:
        raise BadProof(f"entry {index}", f"it is not in a tree of {size}", "Ask for a later checkpoint")
    path: list[list[tuple[int, int]]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_cover(middle, high))
            high = middle
        else:
            path.append(_cover(low, middle))
            low = middle
    return path[::-1]


def consistency_path(first: int, second: int) -> list[list[tuple[int, int]]]:
    """PROOF(first, D[second]), in the RFC's order.

    Raises:
        BadProof: sizes out of order, or first = 0 (every tree extends the empty one: such a proof proves nothing).
    """
    if not 0 < first <= second:
        raise BadProof("consistency", f"sizes {first} and {second} prove nothing", "Give 0 < first <= second")
    path: list[list[tuple[int, int]]] = []
    low, high, complete = 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(_cover(middle, high))
            high = middle
        else:
            path.append(_cover(low, middle))
            low, complete = middle, False
    if not complete:
        path.append(_cover(low, high))
    return path[::-1]


def resolve(path: Sequence[Sequence[tuple[int, int]]], get: GetNodes) -> list[bytes]:
    """Turn a path of addresses into hashes with one look-up of all nodes."""
    hashes = list(get([address for part in path for address in part]))
    proof, start = [], 0
    for part in path:
        proof.append(root_of(hashes[start : start + len(part)]))
        start += len(part)
    return proof


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """RFC 9162 2.1.3.2.

    Raises:
        BadProof: the leaf is not proven to be at `index` of the tree with this root.
    """
    _lengths([leaf, root, *proof])
    if not 0 <= index < size:
        raise BadProof("inclusion", f"index {index} is not below size {size}", "Check the numbers")
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            raise BadProof("inclusion", "the proof is too long", "It is not for this tree")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or r != root:
        raise BadProof("inclusion", "the proof does not lead to the root", "The entry is not in this tree")


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """RFC 9162 2.1.4.2.

    Raises:
        BadProof: the second tree is not proven to extend the first; also first = 0, which proves nothing.
    """
    _lengths([first_root, second_root, *proof])
    if not 0 < first <= second:
        raise BadProof("consistency", f"sizes {first} and {second} prove nothing", "Give 0 < first <= second")
    if first == second:
        if proof or first_root != second_root:
            raise BadProof("consistency", "same size but not the same tree", "One of the two was forged")
        return
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        raise BadProof("consistency", "the proof is empty", "Ask for it again")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            raise BadProof("consistency", "the proof is too long", "It is not for these trees")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0 or fr != first_root or sr != second_root:
        raise BadProof("consistency", "the later tree does not extend the earlier", "History was rewritten")


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1


def _cover(low: int, high: int) -> list[tuple[int, int]]:
    """Complete subtrees that make up leaves [low, high), where low is aligned for the range."""
    addresses = []
    for level, index in frontier_at(high - low):
        addresses.append((level, (low >> level) + index))
    return addresses


def _lengths(hashes: Sequence[bytes]) -> None:
    if any(len(h) != HASH_BYTES for h in hashes):
        raise BadProof("proof", f"a hash is not {HASH_BYTES} bytes", "It was damaged or forged")
