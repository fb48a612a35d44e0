from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sightpact.agreements import signing
from sightpact.agreements.cedar import make
from sightpact.agreements.document import parse as parse_document
from sightpact.cameras import credentials

PAGE = Path(__file__).parents[2] / "docs/reference/import-file.md"
EXAMPLE = re.search(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL).group(1)
KEYS = {"lakeview-usd": signing.keygen(), "lakeview-pd": signing.keygen()}


def signed_example(text: str = EXAMPLE) -> str:
    """The page's example with both parties' keys and signatures, as the page says they are added."""
    (raw,) = tomllib.loads(text)["agreements"]
    document = parse_document({k: v for k, v in raw.items() if k not in ("named", "adoptions")})
    content = signing.payload(document, make(document))
    for party, key in KEYS.items():
        envelope = json.dumps(signing.sign(content, key.private_pem))
        text += f"\n[[agreements.signatures]]\nparty = \"{party}\"\nenvelope = '{envelope}'\n"
    for party, key in KEYS.items():
        text += f'\n[[signing_keys]]\nparty = "{party}"\nholder = "Signatory"\npublic_pem = """\n{key.public_pem}"""\n'
    return text


SIGNED = signed_example()


@pytest.fixture
def keys() -> Iterator[Path]:
    folder: Path = settings.SIGHTPACT.keys
    credentials.make_server_key(folder)
    yield folder
    (folder / credentials.SERVER_KEY).unlink(missing_ok=True)
    credentials.open_sealed.cache_clear()


@pytest.fixture
def write(tmp_path: Path, db: None, keys: Path):
    def file(text: str | bytes) -> Path:
        path = tmp_path / "lakeview.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return file
