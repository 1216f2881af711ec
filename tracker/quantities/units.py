"""What numbers count or measure: the words for it, the one name for each, and what converts into what."""

from __future__ import annotations

CURRENCY_SIGNS = {
    "$": "USD",
    "£": "GBP",
    "€": "EUR",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₴": "UAH",
    "₩": "KRW",
    "₺": "TRY",
    "₪": "ILS",
    "₦": "NGN",
    "₱": "PHP",
    "₫": "VND",
    "฿": "THB",
    "₿": "BTC",
}
DOLLARS = {
    "us": "USD",
    "u.s.": "USD",
    "a": "AUD",
    "au": "AUD",
    "c": "CAD",
    "ca": "CAD",
    "nz": "NZD",
    "hk": "HKD",
    "s": "SGD",
    "r": "BRL",
    "nt": "TWD",
    "mx": "MXN",
}  # the letters before $
CURRENCY_CODES = {
    code.casefold(): code
    for code in """
    USD GBP EUR JPY INR RUB UAH KRW TRY ILS NGN PHP VND THB BTC AUD CAD NZD HKD SGD BRL TWD MXN CHF SEK NOK DKK ISK PLN
    CZK HUF RON BGN CNY ZAR KES GHS EGP SAR AED QAR PKR BDT LKR IDR MYR ARS CLP COP
    """.split()
} | {"rs": "INR", "rmb": "CNY", "kr": "SEK"}
_MONEY = {
    **dict.fromkeys(("pound", "quid", "sterling"), "GBP"),
    **dict.fromkeys(("dollar", "buck"), "USD"),
    **dict.fromkeys(("rouble", "ruble"), "RUB"),
    "euro": "EUR",
    "yen": "JPY",
    "rupee": "INR",
    "yuan": "CNY",
    "renminbi": "CNY",
    "hryvnia": "UAH",
    "lira": "TRY",
    "shekel": "ILS",
    "naira": "NGN",
    "rand": "ZAR",
    "zloty": "PLN",
    "baht": "THB",
    "dirham": "AED",
    "riyal": "SAR",
    "bitcoin": "BTC",
    "forint": "HUF",
    "krona": "SEK",
    "kronor": "SEK",
    "krone": "NOK",
    "kroner": "NOK",
}
MONEY = _MONEY | {f"{word}s": code for word, code in _MONEY.items()}
NATIONAL = {
    ("us", "dollars"): "USD",
    ("american", "dollars"): "USD",
    ("australian", "dollars"): "AUD",
    ("canadian", "dollars"): "CAD",
    ("hong", "kong", "dollars"): "HKD",
    ("new", "zealand", "dollars"): "NZD",
    ("singapore", "dollars"): "SGD",
    ("swiss", "francs"): "CHF",
    ("pakistani", "rupees"): "PKR",
    ("pounds", "sterling"): "GBP",
    ("british", "pounds"): "GBP",
    ("egyptian", "pounds"): "EGP",
}
HUNDREDTHS = {"pence": "GBP", "p": "GBP", "penny": "GBP", "cents": "USD", "cent": "USD", "¢": "USD"}

# The measure, its spellings, its dimension, and how many of the dimension's first unit it is.
_MEASURES: tuple[tuple[str, str, str, float], ...] = (
    ("metre", "metres meter meters", "length", 1),
    ("km", "kms kilometre kilometres kilometer kilometers", "length", 1e3),
    ("cm", "cms centimetre centimetres centimeter centimeters", "length", 1e-2),
    ("mm", "millimetre millimetres millimeter millimeters", "length", 1e-3),
    ("mile", "miles", "length", 1609.344),
    ("nautical mile", "", "length", 1852),
    ("yard", "yards yds yd", "length", 0.9144),
    ("foot", "feet ft", "length", 0.3048),
    ("inch", "inches", "length", 0.0254),
    ("hectare", "hectares ha", "area", 1e4),
    ("acre", "acres", "area", 4046.8564224),
    ("gram", "grams gramme grammes g", "mass", 1e-3),
    ("mg", "milligram milligrams", "mass", 1e-6),
    ("kg", "kgs kilo kilos kilogram kilograms kilogramme kilogrammes", "mass", 1),
    ("tonne", "tonnes", "mass", 1e3),
    ("ton", "tons", "mass", 1e3),  # which ton is meant nobody says; the three differ by less than rounding
    ("pound", "lb lbs", "mass", 0.45359237),
    ("ounce", "ounces oz", "mass", 0.028349523125),
    ("stone", "", "mass", 6.35029318),
    ("litre", "litres liter liters", "volume", 1),
    ("ml", "millilitre millilitres milliliter milliliters", "volume", 1e-3),
    ("gallon", "gallons", "volume", 4.54609),
    ("pint", "pints", "volume", 0.56826125),
    ("barrel", "barrels bbl", "volume", 158.987294928),
    ("second", "seconds secs sec", "time", 1),
    ("minute", "minutes mins min", "time", 60),
    ("hour", "hours hrs hr", "time", 3600),
    ("day", "days", "time", 86400),
    ("week", "weeks", "time", 7 * 86400),
    ("fortnight", "fortnights", "time", 14 * 86400),
    ("month", "months", "time", 365.25 / 12 * 86400),
    ("year", "years yr yrs", "time", 365.25 * 86400),
    ("decade", "decades", "time", 3652.5 * 86400),
    ("century", "centuries", "time", 36525 * 86400),
    ("km/h", "kph kmh", "speed", 1),
    ("mph", "", "speed", 1.609344),
    ("knot", "knots", "speed", 1.852),
    ("kW", "kw kilowatt kilowatts", "power", 1e3),
    ("MW", "mw megawatt megawatts", "power", 1e6),
    ("GW", "gw gigawatt gigawatts", "power", 1e9),
    ("TW", "tw terawatt terawatts", "power", 1e12),
    ("watt", "watts", "power", 1),
    ("kWh", "kwh", "energy", 1e3),
    ("MWh", "mwh", "energy", 1e6),
    ("GWh", "gwh", "energy", 1e9),
    ("TWh", "twh", "energy", 1e12),
    ("calorie", "calories", "calories", 1),
    ("degree", "degrees", "temperature", 1),
    ("celsius", "", "temperature", 1),
    ("fahrenheit", "", "temperature", 1),
    ("percent", "", "share", 0.01),
    ("ratio", "", "share", 1),
)
UNITS = {word: name for name, words, _, _ in _MEASURES for word in (name.casefold(), *words.split())}
for _word in ("percent", "ratio", "celsius", "fahrenheit", "degree", "degrees", "km/h", "nautical mile"):
    del UNITS[_word]  # read by rules of their own
SCALE = {name: (dimension, factor) for name, _, dimension, factor in _MEASURES}
for _name in ("metre", "km", "cm", "mm", "mile", "yard", "foot", "inch"):
    SCALE[f"square {_name}"] = ("area", SCALE[_name][1] ** 2)
    SCALE[f"cubic {_name}"] = ("volume", SCALE[_name][1] ** 3 * 1000)
PERIODS = frozenset("second minute hour day night week fortnight month quarter year decade season".split())
PER = PERIODS | frozenset(
    """
    head person child pupil patient family household share barrel litre liter gallon tonne ton kilo kg ounce pint pound
    mile km acre unit game match shift ticket pop capita worker inhabitant resident
    """.split()
)
OFTEN = {"daily": "day", "weekly": "week", "monthly": "month", "annually": "year", "yearly": "year", "hourly": "hour"}

_PEOPLE = frozenset(
    """
    people persons men women children kids boys girls adults teenagers teens youngsters youths babies infants toddlers
    pensioners seniors elders parents mothers fathers mums dads wives husbands brothers sisters sons daughters
    civilians troops soldiers servicemen servicewomen personnel fighters militants insurgents rebels conscripts recruits
    reservists marines sailors pilots veterans officers commanders generals police policemen gunmen terrorists
    refugees migrants immigrants emigrants evacuees exiles seekers foreigners citizens residents inhabitants locals
    villagers natives islanders tourists visitors travellers travelers passengers commuters drivers motorists cyclists
    pedestrians fans spectators guests viewers listeners readers users customers consumers buyers subscribers members
    followers supporters patients sufferers smokers survivors victims casualties nurses doctors medics paramedics
    surgeons dentists gps midwives clinicians workers employees staff staffers labourers laborers miners farmers
    teachers pupils students undergraduates graduates lecturers professors academics scientists researchers experts
    engineers voters electors constituents respondents taxpayers claimants applicants protesters protestors
    demonstrators marchers rioters activists campaigners strikers mps meps peers lawmakers senators congressmen
    councillors councilors ministers politicians governors mayors candidates delegates ambassadors diplomats officials
    judges lawyers barristers jurors prosecutors prisoners inmates detainees hostages captives suspects criminals
    offenders convicts journalists reporters editors players athletes footballers actors artists singers bosses
    executives directors managers investors shareholders landlords tenants homeowners householders firefighters
    volunteers donors participants crew americans britons brits russians ukrainians individuals humans males females
    employers bishops priests nuns imams monks worshippers pilgrims rabbis
    contributors owners renters borrowers lenders developers advisers advisors aides agents authors writers partners
    neighbours neighbors colleagues friends presidents deputies secretaries congressmen congresswomen assistants widows
    orphans twins addicts deserters defectors spies smugglers traffickers attackers killers murderers rapists thieves
    burglars robbers looters hackers bombers shooters gunners snipers hunters hikers runners swimmers climbers skiers
    bikers riders walkers dancers musicians painters poets bloggers gamers programmers designers architects builders
    plumbers electricians mechanics technicians cleaners cooks chefs waiters bakers hairdressers clerks cashiers carers
    caregivers counsellors therapists psychologists psychiatrists pharmacists economists historians physicists chemists
    biologists epidemiologists virologists specialists analysts consultants accountants bankers brokers traders
    entrepreneurs billionaires millionaires dreamers hispanics latinos felons graders preschoolers toddlers retirees
    trainees enrollees absentees escapees attendees appointees nominees freshmen seniors sophomores guards troopers
    peacekeepers mercenaries bystanders onlookers witnesses passersby believers atheists whistleblowers lobbyists
    extremists jihadists islamists separatists nationalists
    danes finns jews muslims christians catholics hindus sikhs democrats republicans tories poles turks kurds scots
    swedes spaniards arabs serbs croats greeks czechs slovaks filipinos afghans uyghurs rohingya
    """.split()
)
_ONE_OF_THEM = {"person", "man", "woman", "child", "baby", "wife", "policeman", "crewman", "crewmember", "human"}
PERSON = _ONE_OF_THEM | {word[:-1] for word in _PEOPLE if word.endswith("s") and not word.endswith("ies")}
PEOPLE = _PEOPLE | {"crewmen", "firemen", "fishermen", "businessmen", "salesmen", "youth"}
UNCOUNTED_HEADS = frozenset("police staff crew personnel youth military".split())  # also stand before another noun


def is_people(word: str) -> bool:
    """True for a plural word for people, also for the people of a country ("Syrians", "Israelis")."""
    low = word.casefold()
    if low in PEOPLE:
        return True
    country = low.endswith(("aelis", "aqis", "anis")) or (len(low) > 5 and low.endswith("ans"))
    return word[:1].isupper() and country and low not in ("organs", "guardians", "veterans", "oceans")


def per_seconds(per: str) -> float | None:
    """How many seconds a rate's period has; None where `per` is no period."""
    dimension, seconds = SCALE.get(per, ("", 0.0))
    return seconds if dimension == "time" else None
