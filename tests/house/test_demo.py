import tomllib

import pytest
from django.conf import settings
from django.urls import get_resolver

from sightpact.demo.setup import Ports, lay_out
from sightpact.web.config import Config
from tests.house import demo, strangers
from tests.house.test_strangers import ALL_URLS, routes
from tests.house.tree import ROOT


def test_the_product_knows_of_the_demonstration_in_these_places_only():
    assert demo.places() == {path: count for path, (count, _why) in demo.PLACES.items()}


def test_it_is_off_unless_it_is_asked_for():
    assert Config().demo is False
    assert "sightpact.demo" not in settings.INSTALLED_APPS


def test_its_addresses_are_the_page_to_pick_who_one_is():
    assert set(routes(get_resolver(ALL_URLS))) - set(routes(get_resolver())) == set(strangers.DEMONSTRATION)


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    data = tmp_path_factory.mktemp("demo") / "data"
    lay_out(data, 24, Ports())
    return data


def test_it_sets_these_settings_and_lays_down_these_files_and_no_other(laid_out):
    told = tomllib.loads((laid_out / "sightpact.toml").read_text())
    assert set(told) - {"port", "edge_port"} == set(demo.SETTINGS)
    assert {str(path.relative_to(laid_out)) for path in laid_out.rglob("*") if path.is_file()} == set(
        demo.FILES
    )


def test_webauthn_on_localhost_goes_by_the_name_of_the_host():
    text = (ROOT / "src/sightpact/web/settings.py").read_text()
    (line,) = [part for part in text.split("\n\n") if "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN" in part]
    assert '_page.hostname == "localhost"' in line and "SIGHTPACT.demo" not in line


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("planted.py", "def may(person):\n    return settings.SIGHTPACT.demo or person\n", 1),
        ("planted.py", "from sightpact.demo import district\n", 1),
        ("planted.py", "if config['demo']: pass\n", 1),
        ("planted.html", "{% if is_demo %}open{% endif %}", 1),
        ("planted.py", '"""Nothing of the demo here."""\n# nor here: demo\nx = "demonstration"\n', 0),
    ],
)
def test_it_bites(name, text, count, tmp_path):
    (tmp_path / name).write_text(text)
    assert demo.places(tmp_path) == ({name: count} if count else {})
