"""Whether the whole numbers of a target are the numbers of classes or amounts: by the column's name, how the numbers are spread
and how often each comes again. In doubt nothing is said, and the count of different numbers decides (`target.guess_task`)."""

import re
import unicodedata
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MOST = 1000
"""Classes at most."""
REPEATS = 3
"""Rows a class, on average, below which a name alone does not make classes."""
MANY_REPEATS = 10
"""Rows a class where the name says nothing, or the numbers leave gaps."""
EVEN = 0.2
"""Share of the average that the rarest class must have where the name says nothing."""
DENSE = 0.5
"""Share of the numbers between the least and the largest that occur, where a name says that they number classes."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CLASSES = _set("""
    label labels class classes category categories cat cluster clusters digit digits letter species genus family breed
    type types kind group segment topic genre code id idx index
    klasse klassen kategorie gruppe art typ sorte ziffer buchstabe etikett
    classe categorie groupe espece etiquette clase categoria grupo especie tipo etiqueta gruppo etichetta""")
_AMOUNTS = _set("""
    count counts number num qty quantity amount total sum age ages year years yr month months week weeks day days hour hours
    minute minutes second seconds time duration price prices cost costs sales sold revenue income salary wage rating ratings
    stars score scores points rank temperature temp weight height length width depth size distance speed rate percent percentage
    population clicks visits views orders rentals bikes users likes votes value level volume area rooms floors mileage
    anzahl menge alter jahr jahre monat monate tag tage stunde stunden dauer preis kosten umsatz einkommen gehalt bewertung
    punkte sterne temperatur gewicht hoehe laenge breite groesse flaeche
    nombre annee annees prix quantite montant duree poids taille hauteur
    cantidad edad ano anos precio importe puntuacion peso altura quantidade idade preco nota eta anno prezzo quantita""")
_LEADING = frozenset({"n", "num", "number", "nr", "no", "count", "anzahl", "nombre", "numero", "total"})
_NEUTRAL = frozenset({"y", "target", "targets", "output", "result", "outcome", "response", "ziel", "digit", "label"})

Meaning = Literal["classes", "amounts"]


def meaning(name: str, values: NDArray[np.float64], *, labels: bool = False) -> Meaning | None:
    """What the known `values` (n,) of a target called `name` are; None where it stays open. `labels`: they came as whole
    numbers by type, as labels beside an array do, so that a name that says nothing is enough."""
    if not len(values) or not np.all(values == np.round(values)):
        return None
    implied = _implied_by(name)
    if implied == "amounts":
        return "amounts"
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) < 2 or len(distinct) > MOST or distinct[0] < -1:
        return None
    repeats = len(values) / len(distinct)
    dense = len(distinct) / (distinct[-1] - distinct[0] + 1)
    if implied == "classes":
        return "classes" if repeats >= (REPEATS if dense >= DENSE else MANY_REPEATS) else None
    even = counts.min() >= EVEN * counts.mean()
    is_neutral = _words(name)[-1:] == [] or bool(set(_words(name)[-1:]) & _NEUTRAL)
    numbered = distinct[0] in (0, 1) and dense >= 0.9
    return "classes" if labels and is_neutral and even and numbered and repeats >= MANY_REPEATS else None


def _implied_by(name: str) -> Meaning | None:
    """By the last word of the name, which says what it is: `species_id`, `class_count`; `num_rooms` and `number of rings` are
    counts by their first."""
    words = _words(name)
    if not words:
        return None
    if len(words) > 1 and words[0] in _LEADING:
        return "amounts"
    # units and numbers stand last: "price (EUR)", "age 2"
    for word in reversed(words):
        if word in _CLASSES:
            return "classes"
        if word in _AMOUNTS:
            # "num" by itself numbers the classes of some old data sets
            return "amounts" if len(words) > 1 or word != "num" else None
    return None


def _words(name: str) -> list[str]:
    """`speciesID`, `Species (no.)`, `species_id` -> their words, without accents, in small letters."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        parted = parted.replace(umlaut, letters).replace(umlaut.upper(), letters)
    plain = unicodedata.normalize("NFKD", parted).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z]+", plain)
