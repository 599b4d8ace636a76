"""Names and tickers of companies that do not exist.

A name is an invented place (a stem and an English place ending) and a word of its trade, such as
"Kelmere Pumps". What the construction would hit by accident is rejected by the two lists below,
so the names are the same on every machine and for every seed.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import combinations, product
from zlib import crc32

_STEMS = """
    Ald Arl Barr Beck Birk Brad Bram Bren Brock Cald Carl Chal Chil Corb Cran Crom Dal Darn Dun
    Eld Els Ember Esk Farn Fen Fern Finch Gard Gild Glen Gor Gran Gren Hal Harr Hart Hazel Heath
    Hesk Holl Horn Icken Ingle Kel Kemp Kes Kirk Lamb Lang Lark Led Leth Lind Lor Mal Marl Mel
    Mer Mill Mor Nether Nor Oak Ol Orm Pell Pend Pick Pren Quarr Quill Rad Rav Roth Row Ruth Sal
    Scar Sel Shel Sil Skel Stav Stell Swin Tam Tarn Thorn Til Tor Trem Ul Vell Wain Wend Whin
    Wick Wil Win Wyn Yar Yeo Zel
"""
_ENDINGS = """
    by bourne combe dale den field ford gate grove ham hurst land ley low mere more ney ridge
    row stead stone thorpe ton wade ward wick wold worth
"""

_ONSETS = """
    B Br C Cl Cr D Dr F Fl G Gl H J K L M N P Pl Qu R S Sk Sl St T Tr V W Y Z
"""
_RIMES = "arv elv erl esk ilv irv olv orv ulv"
_MORE_ENDINGS = """
    beck dene fell garth gill holme keld mead rigg stoke toft thwaite wyke
"""

_WELL_KNOWN = """
    Bradford Bradley Brockton Carlton Chilham Cranmore Cromford Dalton Dunham Eldon Finchley
    Gardner Glenmore Granby Halford Hartford Hartley Hartland Heathrow Holland Holley Kelley
    Kempton Kirkland Langley Malden Marlow Melrose Merton Millward Milton Morland Morley Norland
    Norton Norwood Oakland Oakley Radley Rothbury Rowley Salford Shelby Shelley Silverstone
    Stanley Swindon Thornton Tilney Torrow Walton Wickford Wickham Wickes Wilton Winston Winton
    Winward Wynland Wilby Hazelwick Langham Norwold Lorland Mersey Olney Kenley Merland Selby
    Skelton Welland Whitley Aldi Alden Barrow Halley Harley Hornby Kelby Kirkby Larkin Linden
    Melton Millford Millstone Morrow Ormond Pendleton Redrow Ruthford Sheldon Silden Tamworth
    Wynton Arley Birkin Brandon Carley Corby Darnley Elsworth Farnham Fernley Grenfell Harrow
    Kelton Orton Pelham Ridley Ravenscroft Thornley Wilford Wilmington Tilray Ulta
"""
REJECTED_ROOTS = frozenset(_WELL_KNOWN.split())
"""Well-known companies, brands and places that the construction could spell."""

_REJECTED_FURTHER = frozenset({"Deskford", "Melbourne"})

_IN_USE = """
    ARL BAD BAR BARK BEC BIRD BIRK BRAD BRED CALD CAR CARD CARL CHAD COB COD COF COO COR
    CORT CRA CRON CROX DAL DALT DAR DART DUNE ELDN FEN FER GILD GLEN GOR GRA GRAF HAL HALO
    HART HEAD HEAR HEAT HES ICE ICK ING INGN INL KIRK LAMB LANC LAND LAR LARK LEDS LIN LIND
    LOR LORB MAC MAR MARS MEL MELE MELR MERC MET MILL MOR MORN NETS NOR NORW PELL PEN PENG
    RAD RADA ROW ROWE SAB SAL SCA SEL SEM SHE SHEL SIG SIL STA STAA STE STEL TAM TARO TARS
    BELFA BELFB SHELL STERV
    TART THOR TIL TOR TORC TREM WAFD WEN WIFE WIL WILL WIN WINA WINS WINT WYN
"""
REJECTED_TICKERS = frozenset(_IN_USE.split())
"""Real tickers that the construction could spell."""


def roots() -> Iterator[str]:
    """The invented places, each once, in a fixed order that looks random."""
    spelled = (stem + ending for stem, ending in product(_STEMS.split(), _ENDINGS.split()))
    usable = {root for root in spelled if root not in REJECTED_ROOTS and not _stutters(root)}
    yield from _in_order(usable)


def further_roots(used: AbstractSet[str]) -> Iterator[str]:
    """What `used` leaves of `roots`, among ten thousand more, each once and in a fixed order. The
    additional ones have stems that no language is likely to have."""
    stems = map("".join, product(_ONSETS.split(), _RIMES.split()))
    endings = _ENDINGS.split() + _MORE_ENDINGS.split()
    more = {stem + ending for stem, ending in product(stems, endings)}
    more = {root for root in more if not _stutters(root)} - REJECTED_ROOTS
    yield from _in_order((more | set(roots())) - used - _REJECTED_FURTHER)


def _in_order(found: Iterable[str]) -> list[str]:
    return sorted(found, key=lambda root: (crc32(root.encode()), root))


def ticker_for(root: str, length: int, taken: Container[str], no_last: str = "") -> str:
    """A ticker of `length` letters that reads like `root`, not in `taken` and not a real one.

    Keeps the first letter and takes later ones in their order ("Kelmere": KELM, KELE, KELR, …);
    none of the letters in `no_last` comes last. Raises `LookupError` where the root has none left.
    """
    letters = root.upper()
    for rest in combinations(letters[1:], length - 1):
        ticker = letters[0] + "".join(rest)
        if rest[-1] not in no_last and ticker not in taken and ticker not in REJECTED_TICKERS:
            return ticker
    raise LookupError(f"no ticker of {length} letters is left for {root}")


def isin_for(ticker: str) -> str:
    """A well-formed ISIN under ZZ, a code that ISO 3166 gives to no country."""
    body = "ZZ" + f"{crc32(ticker.encode()):09d}"[-9:]
    return body + _check_digit(body)


def _check_digit(body: str) -> str:
    """Luhn over the digits of an ISIN's first eleven characters (ISO 6166)."""
    digits = "".join(str(int(character, 36)) for character in body)
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def _stutters(root: str) -> bool:
    """Whether a letter stands three times in a row."""
    lower = root.lower()
    return any(a == b == c for a, b, c in zip(lower, lower[1:], lower[2:], strict=False))
