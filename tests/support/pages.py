"""The pages of the published market that tests of all pages look at."""

PAGES = (
    "/",
    "/stocks",
    "/stocks?q=nothing-is-called-so",
    "/stocks/T11",
    "/stocks/T05?range=5y",
    "/stocks/BRK.B",
    "/stocks/FAIL",
    "/stocks/T06?range=1m",
    "/leaderboard",
    "/leaderboard?by=signal",
    "/leaderboard?by=sector",
    "/top-picks?horizon=long",
    "/screener?strategy=value-gems",
    "/screener?roe_min=0.06&pe_max=40&show=near",
    "/screener?roe_min=0.06&show=count",
    "/movers?days=7",
    "/compare?t=T01&t=T11",
    "/methodology",
    "/glossary",
    "/status",
    "/watchlists",
    "/portfolio",
)

DIFFERENT = [path for path in PAGES if "range=" not in path]
"""Without pages that have the parts of another one and only show another time."""

ERRORS = ("/no-such-page", "/stocks/T1", "/screener?pe_max=cheap")
