"""The pages of the published market that tests of all pages look at: every page that declares
itself, as `stockscore.web` lists them, under the questions that show all of its states."""

from stockscore import web

QUESTIONS = {
    "/stocks": ("/stocks", "/stocks?q=nothing-is-called-so"),
    "/leaderboard": (
        "/leaderboard",
        "/leaderboard?by=signal",
        "/leaderboard?by=sector",
        "/leaderboard?as_of=2026-11-19&since=1",
    ),
    "/top-picks": ("/top-picks", "/top-picks?horizon=long"),
    "/movers": ("/movers", "/movers?days=7"),
    "/evidence": ("/evidence", "/evidence?method=1.0&horizon=21"),
    "/screener": (
        "/screener",
        "/screener?strategy=value-gems",
        "/screener?roe_min=0.06&pe_max=40&show=near",
        "/screener?roe_min=0.06&show=count",
    ),
    "/compare": ("/compare?t=T01&t=T11", "/compare?t=T05&t=T11"),
    "/stocks/<path:ticker>": (
        "/stocks/T11",
        "/stocks/T05?range=5y",
        "/stocks/BRK.B",
        "/stocks/FAIL",
        "/stocks/T06?range=1m",
        "/stocks/T06?as_of=2026-11-19",
    ),
}
"""What to ask a page, by its declared path; any other is asked without parameters."""

DECLARED = [page for page in web.declarations() if "html" in page.formats]

PUBLIC = [
    address
    for page in DECLARED
    if page.family
    for address in QUESTIONS.get(page.path, (page.path,))
]

PAGES = [*PUBLIC, *(page.path for page in DECLARED if page.is_personal)]
"""Without /patterns, which no market fills and whose own tests look at it."""

DIFFERENT = [path for path in PAGES if "range=" not in path]
"""Without pages that have the parts of another one and only show another time."""

ERRORS = ("/no-such-page", "/stocks/T1", "/screener?pe_max=cheap")
