"""Which addresses may be saved and opened again: pages of ours with parameters that they know, and nothing else."""

from collections.abc import Collection

from dashboards.address import Address, parse

_ABOUT_ONE = ("id", "trace", "q", "finding", "alert")
"""What names one case, one person, one finding: that is sent to somebody, not shared with a role."""


def page_address(path: str, search: str, pages: Collection[str]) -> str:
    """The address of a page's state as it is kept; '' for a path that is none of `pages`.

    What no page knows or allows is left out, and so is the number that a link was made for.
    """
    page = path if path == "/" else path.rstrip("/")
    return page + parse(search).with_(figure="", said="").search() if page in pages else ""


def opened(address: str, pages: Collection[str]) -> str:
    """A kept address as it may be opened now; '' when it is no page of ours, whatever the file says."""
    path, _, search = address.partition("?")
    return page_address(path, search, pages)


def is_about_one(address: str) -> bool:
    """Whether an address names a single case or somebody's search."""
    state: Address = parse(address.partition("?")[2])
    return any(getattr(state, field) for field in _ABOUT_ONE)
