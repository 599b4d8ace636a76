"""What companies of an industry look like: the averages that the simulated ones scatter around."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry by Yahoo's name, and the economics of its average company.

    `weight` is its share of all companies, relative to the others'. Of *annual revenue*: `gross`
    and `operating` margin, `depreciation`, `receivables` (short-term assets but cash), `payables`
    (short-term liabilities but debt). Of *operating assets*: `debt`, `cash`. `turnover` is annual
    revenue over operating assets, `growth` a year's, `multiple` the price of a year's normal net
    income, `payout` dividends over net income, `volatility` the standard deviation of a day's own
    move, `beta` the share of the market's. `words` end the names of its companies.
    """

    sector: str
    name: str
    weight: int
    words: tuple[str, ...]
    gross: float
    operating: float
    turnover: float
    depreciation: float
    debt: float
    cash: float
    receivables: float
    payables: float
    growth: float
    multiple: float
    payout: float
    volatility: float
    beta: float

    @property
    def is_bank(self) -> bool:
        return self.name.startswith(("Banks", "Mortgage Finance"))

    @property
    def is_insurer(self) -> bool:
        return self.name.startswith("Insurance")

    @property
    def is_reit(self) -> bool:
        return self.name.startswith("REIT")

    @property
    def keeps_no_gross_profit(self) -> bool:
        """Banks and insurers report neither cost of goods nor operating profit."""
        return self.is_bank or self.is_insurer

    @property
    def is_unclassified(self) -> bool:
        """Balance sheets without a line between short and long term."""
        return self.keeps_no_gross_profit or self.is_reit


def _rows(sector: str, table: str) -> tuple[Industry, ...]:
    rows = []
    lines = table.strip().splitlines()
    for head, numbers in zip(lines[::2], lines[1::2], strict=True):
        name, weight, words = (part.strip() for part in head.split("|"))
        figures = [float(number) for number in numbers.split()]
        rows.append(Industry(sector, name, int(weight), tuple(words.split()), *figures))
    return tuple(rows)


# An industry takes two lines: name, weight and words; then gross, operating, turnover,
# depreciation, debt, cash, receivables, payables, growth, multiple, payout, volatility, beta.
INDUSTRIES: tuple[Industry, ...] = (
    *_rows(
        "Basic Materials",
        """
        Specialty Chemicals | 20 | Chemicals Coatings Resins
            .33  .135  .75  .055  .38  .07  .38  .28  .028  19  .40  .013  1.05
        Chemicals | 12 | Alkali Polymers Nitrogen
            .22  .100  .80  .060  .4  .07  .34  .28  .021  15  .40  .015  1.15
        Steel | 9 | Steel Forgings
            .18  .090  1.10  .040  .28  .10  .34  .25  .021  12  .30  .018  1.30
        Gold | 7 | Gold Bullion
            .36  .210  .42  .150  .19  .10  .2  .2  .035  18  .25  .020  .50
        Building Materials | 8 | Cement Brick Aggregates
            .30  .150  .70  .070  .38  .07  .27  .22  .035  18  .30  .014  1.10
        """,
    ),
    *_rows(
        "Communication Services",
        """
        Telecom Services | 18 | Telecom Telephone Cable
            .55  .165  .38  .170  .47  .04  .18  .3  .014  13  .55  .013  .75
        Entertainment | 12 | Pictures Studios Music
            .40  .130  .55  .060  .35  .10  .27  .35  .049  23  .10  .018  1.15
        Internet Content & Information | 10 | Online Search Listings
            .66  .190  .60  .080  .16  .28  .23  .3  .077  26  .00  .020  1.25
        Advertising Agencies | 7 | Advertising Media
            .32  .120  .80  .030  .4  .10  .43  .63  .028  14  .40  .016  1.10
        Publishing | 5 | Press Books
            .48  .140  .65  .045  .28  .10  .25  .38  .014  15  .40  .014  .90
        """,
    ),
    *_rows(
        "Consumer Cyclical",
        """
        Specialty Retail | 24 | Stores Outfitters Tools
            .37  .095  1.55  .030  .38  .09  .22  .28  .035  17  .25  .018  1.20
        Restaurants | 14 | Kitchens Taverns Grills
            .32  .130  .90  .055  .51  .07  .07  .18  .049  22  .30  .015  .95
        Apparel Manufacturing | 12 | Apparel Knitwear Shoes
            .50  .125  1.00  .030  .3  .12  .32  .25  .035  18  .30  .017  1.20
        Auto Parts | 14 | Motors Axles Brakes
            .18  .070  1.05  .045  .38  .10  .29  .3  .028  13  .25  .017  1.30
        Residential Construction | 12 | Homes Builders
            .25  .140  .95  .010  .3  .12  .72  .22  .042  11  .15  .018  1.30
        Leisure | 14 | Leisure Cycles Boats
            .36  .110  .80  .045  .38  .09  .29  .25  .028  16  .25  .018  1.20
        Lodging | 10 | Hotels Inns
            .42  .180  .45  .080  .45  .08  .14  .25  .042  22  .20  .017  1.20
        Packaging & Containers | 10 | Packaging Cartons Glass
            .21  .105  .85  .055  .52  .04  .25  .25  .021  15  .40  .012  .95
        """,
    ),
    *_rows(
        "Consumer Defensive",
        """
        Packaged Foods | 24 | Foods Cereals Dairies
            .31  .125  .80  .035  .43  .04  .23  .25  .021  18  .50  .011  .60
        Household & Personal Products | 14 | Household Soap Cosmetics
            .50  .165  .80  .035  .4  .06  .25  .3  .028  22  .50  .011  .65
        Beverages - Non-Alcoholic | 8 | Springs Beverages
            .52  .190  .65  .045  .47  .06  .22  .3  .035  23  .50  .011  .65
        Beverages - Wineries & Distilleries | 6 | Distillers Brewers
            .55  .240  .45  .040  .47  .06  .5  .22  .021  19  .45  .012  .70
        Grocery Stores | 10 | Grocers Markets
            .24  .038  2.30  .025  .4  .06  .11  .17  .028  16  .35  .012  .60
        Discount Stores | 7 | Discount Wholesale
            .27  .060  2.20  .022  .33  .08  .14  .21  .042  21  .30  .013  .75
        """,
    ),
    *_rows(
        "Energy",
        """
        Oil & Gas E&P | 22 | Petroleum Exploration Oil
            .52  .260  .45  .190  .33  .05  .13  .22  .021  11  .35  .020  1.10
        Oil & Gas Midstream | 10 | Pipelines Gas
            .38  .210  .40  .080  .51  .02  .14  .19  .028  14  .65  .014  .90
        Oil & Gas Equipment & Services | 14 | Drilling Wells Seismic
            .21  .105  .75  .070  .35  .10  .34  .28  .028  14  .25  .022  1.30
        Oil & Gas Refining & Marketing | 8 | Refining Fuels
            .12  .055  1.80  .025  .33  .08  .16  .19  .014  11  .30  .018  1.15
        """,
    ),
    *_rows(
        "Financial Services",
        """
        Banks - Regional | 44 | Bank Bancorp Trust
            .00  .370  .052  .035  .06  .07  16.5  17.6  .035  11.5  .35  .014  1.10
        Banks - Diversified | 10 | Bank Banking
            .00  .340  .048  .040  .10  .10  18.0  19.0  .028  11.5  .35  .013  1.15
        Insurance - Property & Casualty | 18 | Insurance Assurance
            .00  .130  .330  .020  .09  .06  1.80  2.20  .042  14.0  .25  .012  .80
        Insurance - Life | 10 | Life Mutual
            .00  .130  .120  .015  .06  .05  6.50  7.45  .028  10.5  .30  .013  1.05
        Insurance Brokers | 5 | Brokers
            .46  .240  .380  .060  .47  .08  .41  .6  .056  23.0  .25  .011  .85
        Capital Markets | 18 | Securities Capital
            .60  .280  .160  .030  .28  .25  3.40  5.05  .049  14.5  .30  .017  1.30
        Asset Management | 18 | Investors Partners
            .58  .300  .340  .040  .3  .18  .32  .44  .049  16.5  .45  .015  1.25
        Credit Services | 12 | Credit Payments Finance
            .62  .270  .300  .050  .42  .15  .72  .63  .049  16.0  .20  .016  1.25
        Financial Data & Stock Exchanges | 6 | Indices Data
            .66  .400  .260  .090  .35  .10  .22  .28  .056  25.0  .25  .012  .90
        Mortgage Finance | 4 | Mortgage Lending
            .00  .270  .070  .030  .18  .08  12.0  11.1  .035  11.0  .25  .018  1.20
        Financial Conglomerates | 2 | Holdings
            .40  .180  .180  .030  .33  .12  2.52  2.76  .035  13.0  .20  .013  1.00
        """,
    ),
    *_rows(
        "Healthcare",
        """
        Drug Manufacturers - General | 14 | Pharma Remedies
            .71  .250  .45  .090  .38  .10  .34  .38  .035  19  .40  .013  .70
        Biotechnology | 15 | Therapeutics Biologics Genomics
            .80  -.280  .45  .060  .16  .45  .27  .34  .111  30  .00  .027  1.10
        Medical Devices | 24 | Surgical Implants Devices
            .60  .170  .55  .060  .3  .10  .36  .28  .056  25  .20  .014  .90
        Diagnostics & Research | 20 | Diagnostics Laboratories Assays
            .50  .170  .50  .070  .35  .10  .27  .28  .049  24  .10  .016  1.00
        Healthcare Plans | 8 | Health Care
            .17  .050  1.80  .012  .33  .24  .18  .38  .063  16  .20  .014  .75
        Medical Care Facilities | 16 | Clinics Hospitals
            .32  .110  .95  .045  .42  .05  .2  .22  .042  16  .15  .016  .90
        Medical Instruments & Supplies | 10 | Instruments Supplies
            .48  .160  .60  .055  .3  .08  .34  .25  .042  22  .20  .013  .85
        """,
    ),
    *_rows(
        "Industrials",
        """
        Specialty Industrial Machinery | 40 | Pumps Bearings Valves Machinery
            .36  .145  .80  .035  .33  .08  .41  .34  .035  20  .35  .013  1.10
        Aerospace & Defense | 16 | Aeronautics Propulsion
            .24  .115  .75  .035  .35  .07  .45  .48  .042  21  .30  .013  .90
        Integrated Freight & Logistics | 14 | Freight Logistics
            .20  .075  1.50  .035  .33  .07  .22  .22  .035  18  .30  .015  1.10
        Railroads | 5 | Rail
            .48  .350  .32  .110  .49  .03  .13  .18  .028  19  .45  .012  .95
        Airlines | 8 | Airways Air
            .26  .085  .75  .065  .49  .18  .11  .48  .035  10  .10  .020  1.30
        Building Products & Equipment | 16 | Joinery Roofing Boilers
            .33  .140  .90  .035  .38  .08  .31  .28  .042  18  .25  .015  1.15
        Engineering & Construction | 16 | Construction Engineering
            .17  .070  1.20  .022  .3  .12  .41  .45  .049  18  .20  .016  1.15
        Specialty Business Services | 16 | Services Staffing
            .34  .125  .95  .040  .38  .08  .29  .32  .042  20  .30  .013  .95
        Waste Management | 6 | Recycling Waste
            .38  .180  .45  .105  .45  .02  .16  .25  .049  25  .35  .011  .75
        Electrical Equipment & Parts | 12 | Electric Switchgear
            .32  .135  .85  .035  .3  .09  .4  .32  .056  21  .25  .016  1.20
        """,
    ),
    *_rows(
        "Real Estate",
        """
        REIT - Retail | 12 | Arcades Properties
            .68  .340  .13  .260  .42  .02  .11  .16  .021  26  .50  .012  .95
        REIT - Office | 9 | Offices Estates
            .62  .240  .12  .290  .46  .03  .13  .18  .007  24  .50  .015  1.05
        REIT - Industrial | 12 | Warehouses Parks
            .72  .390  .12  .270  .46  .02  .11  .13  .049  33  .50  .013  1.00
        REIT - Residential | 12 | Dwellings Apartments
            .62  .300  .13  .270  .40  .02  .09  .13  .035  31  .50  .012  .85
        REIT - Healthcare Facilities | 8 | Lodges Residences
            .64  .290  .12  .260  .40  .03  .09  .13  .035  31  .50  .013  .85
        Real Estate Services | 9 | Lettings Surveyors
            .38  .110  .80  .040  .4  .10  .27  .32  .042  18  .10  .018  1.25
        """,
    ),
    *_rows(
        "Technology",
        """
        Software - Infrastructure | 26 | Systems Cloud Networks
            .74  .220  .52  .060  .24  .22  .23  .43  .077  28  .10  .017  1.20
        Software - Application | 30 | Software Analytics
            .72  .150  .55  .065  .21  .24  .24  .45  .09  31  .00  .020  1.25
        Semiconductors | 26 | Semiconductors Microchips
            .53  .250  .60  .080  .28  .16  .32  .22  .07  25  .25  .020  1.40
        Electronic Components | 16 | Components Sensors
            .32  .135  .90  .045  .3  .12  .38  .28  .042  20  .20  .016  1.20
        Information Technology Services | 18 | Consulting Computing
            .32  .130  1.00  .035  .3  .12  .27  .3  .049  20  .25  .014  1.05
        Computer Hardware | 10 | Computers Storage
            .36  .130  .90  .035  .35  .16  .32  .43  .042  18  .25  .018  1.25
        Communication Equipment | 14 | Signals Antennas
            .52  .150  .65  .045  .3  .16  .31  .28  .042  20  .20  .017  1.15
        """,
    ),
    *_rows(
        "Utilities",
        """
        Utilities - Regulated Electric | 30 | Power Light Electric
            .42  .225  .27  .140  .46  .01  .15  .21  .035  18  .62  .010  .55
        Utilities - Regulated Gas | 12 | Gaslight Gasworks
            .40  .195  .32  .120  .45  .01  .16  .22  .035  17  .60  .010  .55
        Utilities - Regulated Water | 8 | Water Waterworks
            .55  .300  .22  .150  .45  .01  .12  .18  .035  22  .55  .011  .60
        Utilities - Renewable | 8 | Windfarms Renewables
            .48  .220  .18  .250  .48  .04  .14  .18  .056  23  .40  .017  1.00
        """,
    ),
)
