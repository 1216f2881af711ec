"""Names of one sort that can stand for each other in a sentence, and the short forms that mean the same."""

from __future__ import annotations

from typing import NamedTuple


class Sort(NamedTuple):
    """Names that fit into each other's place, with the titles that may stand before any of them."""

    names: tuple[str, ...]
    titles: tuple[str, ...] = ()
    people: bool = False


def _sort(names: str, titles: str = "", *, people: bool = False) -> Sort:
    found = tuple(part.strip() for part in names.replace("\n", " ").split(","))
    return Sort(found, tuple(title for title in titles.split(",") if title), people)


SORTS = (
    _sort(
        """Afghanistan, Argentina, Australia, Austria, Bangladesh, Belgium, Brazil, Britain, Bulgaria, Cameroon, Canada,
        Chile, China, Colombia, Croatia, Cuba, Denmark, Egypt, Ethiopia, Finland, France, Germany, Ghana, Greece,
        Guatemala, Haiti, Honduras, Hungary, Iceland, India, Indonesia, Iran, Iraq, Ireland, Israel, Italy, Jamaica,
        Japan, Kenya, Kuwait, Lebanon, Libya, Malaysia, Mexico, Morocco, Nepal, Nigeria, North Korea, Norway, Pakistan,
        Panama, Peru, Poland, Portugal, Qatar, Romania, Russia, Saudi Arabia, Scotland, Somalia, South Africa,
        South Korea, Spain, Sweden, Switzerland, Syria, Taiwan, Thailand, Tunisia, Uganda, Ukraine, Venezuela, Vietnam,
        Yemen, Zimbabwe"""
    ),
    _sort(
        """Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii,
        Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan,
        Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico,
        North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota,
        Tennessee, Texas, Utah, Vermont, Virginia, West Virginia, Wisconsin, Wyoming"""
    ),
    _sort(
        """Amsterdam, Athens, Atlanta, Baltimore, Barcelona, Beijing, Berlin, Boston, Brussels, Cairo, Chicago,
        Cleveland, Copenhagen, Dallas, Denver, Detroit, Dublin, Edinburgh, Geneva, Glasgow, Houston, Istanbul, Karachi,
        Lagos, Las Vegas, Lisbon, Liverpool, London, Los Angeles, Madrid, Manchester, Melbourne, Miami, Milan,
        Milwaukee, Moscow, Mumbai, Munich, Nairobi, New Orleans, Oslo, Philadelphia, Pittsburgh, Prague, San Diego,
        San Francisco, Seattle, Shanghai, Stockholm, Sydney, Tokyo, Toronto, Vienna, Warsaw"""
    ),
    _sort(
        "Barack Obama, Joe Biden, Donald Trump, Bill Clinton, George W. Bush, Ronald Reagan, Jimmy Carter",
        "President,President-elect",
        people=True,
    ),
    _sort("Obama, Biden, Trump, Reagan, Carter, Nixon, Truman, Eisenhower", "President,President-elect", people=True),
    _sort(
        """Bernie Sanders, Ted Cruz, Mitch McConnell, Chuck Schumer, Harry Reid, John McCain, Marco Rubio, Rand Paul,
        Mitt Romney, Tim Kaine, Lindsey Graham, Jeff Flake, Russ Feingold, Ron Johnson, Rob Portman, Sherrod Brown""",
        "Sen.,Senator",
        people=True,
    ),
    _sort(
        """Paul Ryan, Newt Gingrich, Rick Perry, Scott Walker, Chris Christie, Rick Santorum, Jeb Bush, Mike Huckabee,
        Rick Scott, Andrew Cuomo, Charlie Crist, Ben Carson, Mike Pence, Gavin Newsom, Greg Abbott, Pat McCrory""",
        "Gov.,Governor",
        people=True,
    ),
    _sort(
        """Hillary Clinton, Nancy Pelosi, Elizabeth Warren, Kamala Harris, Sarah Palin, Susan Collins, Dianne Feinstein,
        Maxine Waters, Michele Bachmann, Alexandria Ocasio-Cortez, Ilhan Omar, Condoleezza Rice""",
        people=True,
    ),
    _sort(
        """Angela Merkel, Theresa May, Margaret Thatcher, Liz Truss, Nicola Sturgeon, Jacinda Ardern,
        Ursula von der Leyen, Sanna Marin""",
        people=True,
    ),
    _sort(
        """Vladimir Putin, Emmanuel Macron, Boris Johnson, David Cameron, Tony Blair, Gordon Brown, Justin Trudeau,
        Olaf Scholz, Jens Stoltenberg, Volodymyr Zelensky, Viktor Orban, Rishi Sunak, Keir Starmer, Narendra Modi""",
        people=True,
    ),
    _sort("Bill Gates, Elon Musk, Mark Zuckerberg, Jeff Bezos, Warren Buffett, George Soros, Steve Jobs", people=True),
    _sort(
        """Tom Hanks, Clint Eastwood, Denzel Washington, Morgan Freeman, Robert De Niro, Brad Pitt, George Clooney,
        Mel Gibson, Harrison Ford, Keanu Reeves, Chuck Norris""",
        people=True,
    ),
    _sort("Democrats, Republicans, Libertarians"),
    _sort("Muslims, Christians, Hindus, Buddhists"),
    _sort("Democratic Party, Republican Party, Green Party"),
    _sort(
        """Walmart, Costco, Starbucks, Microsoft, Google, Pfizer, Moderna, AstraZeneca, Toyota, Volkswagen, Nike,
        Adidas, Coca-Cola, Pepsi, IKEA, Boeing, Airbus, Tesla, Netflix, Tesco, Lidl, Aldi, Siemens, Samsung"""
    ),
    _sort("FBI, CIA, NSA, IRS, EPA"),
    _sort("NFL, NBA, NHL"),
    _sort("Pentagon, White House, Treasury, State Department, Justice Department"),
    _sort("World Bank, World Health Organization, World Trade Organization, International Monetary Fund"),
    _sort("NATO, OPEC, UNESCO, UNICEF"),
    _sort("Russian, German, Chinese, Mexican, Canadian, Japanese, Brazilian, Polish, Egyptian, Swedish, Spanish"),
)

# Short and long forms: any of a row may stand for another of it.
SHORT_FORMS = (
    ("the United States", "the US", "the U.S."),
    ("the United Kingdom", "the UK", "the U.K."),
    ("the European Union", "the EU"),
    ("the United Nations", "the UN", "the U.N."),
    ("the World Health Organization", "the WHO"),
    ("the International Monetary Fund", "the IMF"),
    ("the European Central Bank", "the ECB"),
    ("the Federal Bureau of Investigation", "the FBI"),
    ("the Environmental Protection Agency", "the EPA"),
    ("the Internal Revenue Service", "the IRS"),
    ("the Centers for Disease Control and Prevention", "the CDC"),
)
TITLES = (("Senator", "Sen."), ("Governor", "Gov."), ("Representative", "Rep."))
