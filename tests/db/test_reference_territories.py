import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.reference.territories import territories
from domain.territories import department_of

REGIONS = {
    "FR-20R": "Corse",
    "FR-971": "Guadeloupe",
    "FR-972": "Martinique",
    "FR-973": "Guyane",
    "FR-974": "La Réunion",
    "FR-976": "Mayotte",
    "FR-ARA": "Auvergne-Rhône-Alpes",
    "FR-BFC": "Bourgogne-Franche-Comté",
    "FR-BRE": "Bretagne",
    "FR-CVL": "Centre-Val de Loire",
    "FR-GES": "Grand Est",
    "FR-HDF": "Hauts-de-France",
    "FR-IDF": "Île-de-France",
    "FR-NAQ": "Nouvelle-Aquitaine",
    "FR-NOR": "Normandie",
    "FR-OCC": "Occitanie",
    "FR-PAC": "Provence-Alpes-Côte d’Azur",
    "FR-PDL": "Pays de la Loire",
}
CANTONS = {
    "CH-AG": "Argovie",
    "CH-AI": "Appenzell Rhodes-Intérieures",
    "CH-AR": "Appenzell Rhodes-Extérieures",
    "CH-BE": "Berne",
    "CH-BL": "Bâle-Campagne",
    "CH-BS": "Bâle-Ville",
    "CH-FR": "Fribourg",
    "CH-GE": "Genève",
    "CH-GL": "Glaris",
    "CH-GR": "Grisons",
    "CH-JU": "Jura",
    "CH-LU": "Lucerne",
    "CH-NE": "Neuchâtel",
    "CH-NW": "Nidwald",
    "CH-OW": "Obwald",
    "CH-SG": "Saint-Gall",
    "CH-SH": "Schaffhouse",
    "CH-SO": "Soleure",
    "CH-SZ": "Schwyz",
    "CH-TG": "Thurgovie",
    "CH-TI": "Tessin",
    "CH-UR": "Uri",
    "CH-VD": "Vaud",
    "CH-VS": "Valais",
    "CH-ZG": "Zoug",
    "CH-ZH": "Zurich",
}
OTHERS = {
    "FR": "France",
    "CH": "Suisse",
    "CA": "Canada",
    "CA-QC": "Québec",
    "FR-04": "Alpes-de-Haute-Provence",
    "FR-21": "Côte-d’Or",
    "FR-22": "Côtes-d’Armor",
    "FR-2A": "Corse-du-Sud",
    "FR-2B": "Haute-Corse",
    "FR-35": "Ille-et-Vilaine",
    "FR-44": "Loire-Atlantique",
    "FR-64": "Pyrénées-Atlantiques",
    "FR-69": "Rhône",
    "FR-69M": "Métropole de Lyon",
    "FR-6AE": "Alsace",
    "FR-75C": "Paris",
    "FR-90": "Territoire de Belfort",
    "FR-93": "Seine-Saint-Denis",
    "FR-95": "Val-d’Oise",
    "FR-BL": "Saint-Barthélemy",
    "FR-MF": "Saint-Martin",
    "FR-NC": "Nouvelle-Calédonie",
    "FR-PF": "Polynésie française",
    "FR-PM": "Saint-Pierre-et-Miquelon",
    "FR-WF": "Wallis-et-Futuna",
}
DEPARTMENTS = (
    {f"FR-{number:02}" for number in range(1, 96) if number not in {20, 75}}
    | {"FR-2A", "FR-2B", "FR-75C"}
    | {f"FR-{number}" for number in (971, 972, 973, 974, 976)}
)

NAMES = {str(territory.code): territory.name for territory in territories()}
PARENTS = {str(territory.code): territory.parent_code for territory in territories()}


def test_france_has_its_18_regions_and_101_departments() -> None:
    assert len(REGIONS) == 18
    assert len(DEPARTMENTS) == 101
    assert REGIONS.keys() <= NAMES.keys()
    assert NAMES.keys() >= DEPARTMENTS


def test_nothing_else_is_french_but_what_is_neither_region_nor_department() -> None:
    french = {code for code in NAMES if code.startswith("FR-")}
    special = {"FR-69M", "FR-6AE", "FR-BL", "FR-MF", "FR-NC", "FR-PF", "FR-PM", "FR-WF"}
    assert french - REGIONS.keys() - DEPARTMENTS == special


def test_switzerland_has_its_26_cantons() -> None:
    assert {code for code in NAMES if code.startswith("CH-")} == CANTONS.keys()
    assert len(CANTONS) == 26


def test_canada_is_there_with_quebec_alone() -> None:
    assert [code for code in NAMES if code.startswith("CA")] == ["CA", "CA-QC"]


@pytest.mark.parametrize(("code", "name"), [*REGIONS.items(), *CANTONS.items(), *OTHERS.items()])
def test_names_are_as_the_french_write_them(code: str, name: str) -> None:
    assert NAMES[code] == name


def test_no_name_carries_the_marks_of_a_data_file() -> None:
    assert [name for name in NAMES.values() if set(name) & set("'*()[]_/0123456789") or name != name.strip()] == []


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("FR-44", ["FR-PDL", "FR"]),
        ("FR-75C", ["FR-IDF", "FR"]),
        ("FR-2A", ["FR-20R", "FR"]),
        ("FR-2B", ["FR-20R", "FR"]),
        ("FR-67", ["FR-6AE", "FR-GES", "FR"]),
        ("FR-69", ["FR-ARA", "FR"]),
        ("FR-69M", ["FR-ARA", "FR"]),
        ("FR-974", ["FR"]),
        ("FR-NC", ["FR"]),
        ("CH-VD", ["CH"]),
        ("CA-QC", ["CA"]),
    ],
)
def test_each_lies_within_the_right_one(code: str, line: list[str]) -> None:
    climbed = []
    while parent := PARENTS[code]:
        climbed.append(code := parent)
    assert climbed == line


def test_each_comes_after_the_one_it_lies_in_so_there_is_no_circle_and_no_stranger() -> None:
    met: set[str] = set()
    for territory in territories():
        assert territory.parent_code is None or territory.parent_code in met
        met.add(territory.code)


def test_only_countries_lie_in_nothing() -> None:
    assert [code for code, parent in PARENTS.items() if parent is None] == ["FR", "CH", "CA"]


def test_none_comes_twice() -> None:
    assert len(territories()) == len(NAMES)


def test_metropolitan_departments_lie_in_a_region() -> None:
    metropolitan = {code for code in DEPARTMENTS if not code.startswith("FR-97")}
    for code in metropolitan - {"FR-67", "FR-68"}:
        assert PARENTS[code] in REGIONS


@given(st.integers(0, 99_999).map("{:05}".format))
def test_every_postal_code_leads_to_a_territory_that_exists_or_nowhere(postal_code: str) -> None:
    assert department_of(postal_code) in {None, *NAMES}
