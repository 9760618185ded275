"""Where things happen in the demo town. The streets are real, the places are mostly not."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.events import Venue


def _venue(name: str, address: str, postal_code: str, city: str, latitude: float, longitude: float) -> Venue:  # noqa: PLR0917 - a table
    return Venue(city=city, name=name, address=address, postal_code=postal_code, latitude=latitude, longitude=longitude)


PLACES: Mapping[str, Venue] = MappingProxyType(
    {
        "cantine": _venue("Cantine Numérique", "20 rue de la Paix", "44000", "Nantes", 47.2150, -1.5560),
        "cafe": _venue("Café de la Fabrique", "12 rue de la Bastille", "44000", "Nantes", 47.2181, -1.5686),
        "quai": _venue("Sous la grue jaune", "Quai des Antilles", "44200", "Nantes", 47.2006, -1.5732),
        "hangar": _venue("Hangar des Récits", "Boulevard de la Prairie-au-Duc", "44200", "Nantes", 47.2053, -1.5630),
        "quartier": _venue("Maison de quartier des Hauts", "Route de Rennes", "44300", "Nantes", 47.2478, -1.5702),
        "parc": _venue("Parc du Grand-Chêne", "Rue du Croissant", "44300", "Nantes", 47.2389, -1.5203),
        "doulon": _venue("Salle de la Mairie-Annexe", "Place du Vieux-Doulon", "44300", "Nantes", 47.2262, -1.5078),
        "chantenay": _venue("Préau de Chantenay", "Place Jean-Macé", "44100", "Nantes", 47.2049, -1.5925),
        "mediatheque": _venue("Médiathèque de l’Île", "Boulevard des Martyrs", "44200", "Nantes", 47.2064, -1.5404),
        "hotel-de-ville": _venue(
            "Salle des mariages", "2 rue de l’Hôtel-de-Ville", "44000", "Nantes", 47.2182, -1.5541
        ),
        "halles": _venue("Halles de Talensac", "Rue de Talensac", "44000", "Nantes", 47.2215, -1.5578),
        "sillon": _venue("Atelier du Sillon", "Avenue de la Boulangerie", "44800", "Saint-Herblain", 47.2237, -1.6338),
        "erdre": _venue("Ferme du Verger", "Route de la Chapelle", "44390", "Nort-sur-Erdre", 47.4388, -1.4985),
        "sevre": _venue("Moulin de la Sèvre", "Chemin du Moulin", "44120", "Vertou", 47.1686, -1.4697),
        "rennes": _venue("Halle du Vélo", "Boulevard Solférino", "35000", "Rennes", 48.1040, -1.6722),
        "la-roche": _venue("Espace des Oudairies", "Rue Newton", "85000", "La Roche-sur-Yon", 46.6880, -1.4105),
        "paris": _venue("Atelier des communs", "Rue du Faubourg-du-Temple", "75011", "Paris", 48.8692, 2.3706),
        "geneve": _venue("Maison des Pâquis", "Rue de Berne 40", "1201", "Genève", 46.2113, 6.1478),
        "quebec": _venue("Chalet du parc", "3e Avenue", "G1L 2W2", "Québec", 46.8290, -71.2300),
    }
)
"""By the key that `events.toml` names."""
