"""Web addresses as markup writes them: several in one text, relative, of an image, of the checker itself."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from tracker.entries import MAX_URL

# An address ends at white space, or where a comma and the like lead to the next one; a comma may stand in it.
_ADDRESS = re.compile(
    r"https?://[^\s<>\"]{1,2100}?(?=$|[\s<>\"]|[,;|]+(?:\s|$|https?://))",
    re.IGNORECASE,
)
_LONGEST = 50_000  # characters in which addresses are looked for
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp|ico)$", re.IGNORECASE)
_LINKING = re.compile(r"\b(?:and|und|et|y|e)\b|[\W_]", re.IGNORECASE)
_SOCIAL = frozenset(
    """
    facebook.com twitter.com x.com instagram.com tiktok.com youtube.com youtu.be t.me telegram.me whatsapp.com
    reddit.com linkedin.com threads.net fb.com bsky.app vk.com pinterest.com
    """.split()
)


def addresses_in(text: str) -> list[str]:
    """All web addresses in a text, in its order, each once."""
    found = (_trimmed(match[0].replace("&amp;", "&")) for match in _ADDRESS.finditer(text[:_LONGEST]))
    return list(dict.fromkeys(address for address in found if is_address(address)))


def other_words(text: str) -> str:
    """What a text says beside its addresses; nothing where that is only commas and `and`."""
    rest = " ".join(_ADDRESS.sub(" ", text[:_LONGEST]).split())
    return rest if _LINKING.sub("", rest) else ""


def is_address(text: str) -> bool:
    """Tell whether it is one web address that can be kept."""
    return len(text) <= MAX_URL and bool(re.fullmatch(r"https?://[^\s/]+\S*", text, re.IGNORECASE)) and bool(host(text))


def absolute(text: str, page: str) -> str | None:
    """The address that is meant on a page; None where it cannot be told."""
    text = text.strip().replace("&amp;", "&")
    if is_address(text):
        return text
    if not text or not page or re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE) or re.search(r"\s", text):
        return None
    try:
        joined = urljoin(page, text)
    except ValueError:
        return None
    return joined if is_address(joined) else None


def host(address: str) -> str:
    """The site of an address in lower case, without `www.`; nothing where it has none."""
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return name.lower().rstrip(".").removeprefix("www.")


def site(text: str) -> str:
    """The site that an address or a bare name of a site tells."""
    bare = text.strip().lower()
    if "://" not in bare and re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", bare):
        return bare.removeprefix("www.")
    return host(bare)


def same_site(one: str, other: str) -> bool:
    """Tell whether two sites are one, or one is a part of the other."""
    return bool(one and other) and (one == other or one.endswith("." + other) or other.endswith("." + one))


def is_image(address: str) -> bool:
    """Tell the address of an image by its name."""
    return bool(_IMAGE.search(urlsplit(address).path))


def is_social(site: str) -> bool:
    """Tell a site where anybody posts."""
    return any(same_site(site, one) and len(site) >= len(one) for one in _SOCIAL)


def _trimmed(address: str) -> str:
    trimmed = address.rstrip(".,;|'")
    while trimmed.endswith(")") and trimmed.count("(") < trimmed.count(")"):
        trimmed = trimmed[:-1].rstrip(".,;|'")
    return trimmed
