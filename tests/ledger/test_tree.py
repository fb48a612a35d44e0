"""The tree against RFC 6962's vectors, against a plain reading of the RFC, and against forged proofs."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightpact.ledger import tree
from sightpact.ledger.errors import BadProof

# The eight leaves and roots of the Certificate Transparency test tree (RFC 6962 reference implementation).
LEAVES = [bytes.fromhex(x) for x in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# PATH and PROOF vectors of the same tree: (leaf number from 0, size, hashes), (first, second, hashes).
INCLUSION = [
    (0, 1, []),
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip
CONSISTENCY = [
    (1, 1, []),
    (1, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (6, 8, ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 5, ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]  # fmt: skip


class Memory:
    """A tree in memory, grown by `tree.append`."""

    def __init__(self, entries: list[bytes]) -> None:
        self.leaves = [tree.leaf_hash(e) for e in entries]
        self.size, self.frontier, nodes = tree.append(0, [], self.leaves)
        self.nodes = {(level, index): value for level, index, value in nodes}

    def get(self, addresses: object) -> list[bytes]:
        return [self.nodes[a] for a in addresses]  # type: ignore[attr-defined]

    def root(self, size: int) -> bytes:
        return tree.root_of(self.get(tree.frontier_at(size)))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return tree.resolve(tree.inclusion_path(index, size), self.get)

    def consistency(self, first: int, second: int) -> list[bytes]:
        return tree.resolve(tree.consistency_path(first, second), self.get)


CT = Memory(LEAVES)
BIG = Memory([str(i).encode() for i in range(300)])


def mth(leaves: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return tree.node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def test_roots_of_the_rfc() -> None:
    assert tree.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [CT.root(size).hex() for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion_of_the_rfc(index: int, size: int, proof: list[str]) -> None:
    assert [h.hex() for h in CT.inclusion(index, size)] == proof


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_consistency_of_the_rfc(first: int, second: int, proof: list[str]) -> None:
    assert [h.hex() for h in CT.consistency(first, second)] == proof


def test_growing_in_any_steps_gives_the_same_tree() -> None:
    size, frontier = 0, []
    for step in (1, 1, 5, 0, 100, 3, 190):
        size, frontier, _ = tree.append(size, frontier, BIG.leaves[size : size + step])
        assert tree.root_of(frontier) == mth(BIG.leaves[:size]) if size else True
    assert size == 300 and frontier == BIG.frontier
    with pytest.raises(ValueError):
        tree.append(3, [bytes(32)], [])


@settings(max_examples=300, deadline=None, print_blob=True)
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_inclusion_proofs(place: tuple[int, int]) -> None:
    index, size = place
    proof, root = BIG.inclusion(index, size), BIG.root(size)
    assert proof == path(index, BIG.leaves[:size]) and root == mth(BIG.leaves[:size])
    tree.verify_inclusion(BIG.leaves[index], index, size, proof, root)
    wrongs = [
        (BIG.leaves[(index + 1) % 300], index, size, proof, root),
        (BIG.leaves[index], index, size, [*proof, bytes(32)], root),
        (BIG.leaves[index], index, size, proof, bytes(32)),
        (BIG.leaves[index], size, size, proof, root),
        (BIG.leaves[index], index, size, [*proof[:-1], b"short"], root),
    ]
    if proof:
        wrongs += [(BIG.leaves[index], index, size, proof[:-1], root)]
        wrongs += [(BIG.leaves[index], index, size, [proof[0][::-1], *proof[1:]], root)]
    for wrong in wrongs:
        with pytest.raises(BadProof):
            tree.verify_inclusion(*wrong)


@settings(max_examples=300, deadline=None, print_blob=True)
@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))))
def test_consistency_proofs(sizes: tuple[int, int]) -> None:
    first, second = sizes
    proof, one, two = BIG.consistency(first, second), BIG.root(first), BIG.root(second)
    tree.verify_consistency(first, second, one, two, proof)
    wrongs = [
        (first, second, bytes(32), two, proof),
        (first, second, one, bytes(32), proof),
        (first, second, one, two, [*proof, bytes(32)]),
        (first, second, one[:31], two, proof),
    ]
    if proof:
        wrongs += [(first, second, one, two, proof[:-1])]
        wrongs += [(first, second, one, two, [*proof[:-1], proof[-1][::-1]])]
    for wrong in wrongs:
        with pytest.raises(BadProof):
            tree.verify_consistency(*wrong)


def test_a_proof_from_nothing_proves_nothing() -> None:
    for second in (0, 1, 8):
        with pytest.raises(BadProof):
            tree.verify_consistency(
                0, second, tree.EMPTY_ROOT, CT.root(second) if second else tree.EMPTY_ROOT, []
            )
        with pytest.raises(BadProof):
            tree.consistency_path(0, second)
    with pytest.raises(BadProof):
        tree.verify_consistency(8, 7, CT.root(8), CT.root(7), [])
    with pytest.raises(BadProof):
        tree.inclusion_path(8, 8)
