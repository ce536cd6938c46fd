"""Saved views: addresses of pages under a name, in one file beside the accounts that they belong to.

Somebody sees their own and those that others share with their role. Where nobody signs on, the nameless `Asker` stands
for the whole installation. Addresses are texts here; whoever opens one checks that it is a page of ours.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from metrics.settings import Settings

FILE: Final = "views.json"
LONGEST_NAME: Final = 60
LONGEST_ADDRESS: Final = 2_000
MOST_OF_ONE: Final = 50
MOST: Final = 2_000
"""Of all people together: the file is read and written whole."""
_NEVER_READ: Final = (0, 0, 0)


class ViewError(ValueError):
    """What was asked can't be done; the message says why, in words for whoever asked."""


class Asker(NamedTuple):
    """Who asks, and their role; both empty where nobody signs on."""

    name: str = ""
    role: str = ""


class SavedView(msgspec.Struct, frozen=True):
    """One view. `role`: with which it is shared, '' for its owner's eyes alone."""

    id: str
    owner: str
    name: str
    address: str
    role: str = ""


class Book(msgspec.Struct, frozen=True):
    """The whole file: all views, and by owner the id of the view that opens first."""

    views: tuple[SavedView, ...] = ()
    starts: dict[str, str] = {}


Note = Callable[[str, str], None]
"""Notes what is done (`did`, `what`) about a shared view before it counts; it refuses by raising."""


class SavedViews:
    """The views of a file, which the processes of one machine share. Every change raises ViewError when it can't be.

    `note` of a change is called only where others see the view, before or after it.
    """

    def __init__(self, file: Path, make_id: Callable[[], str] = lambda: secrets.token_hex(8)) -> None:
        self._file = file
        self._make_id = make_id
        self._read: tuple[tuple[int, int, int], Book] = (_NEVER_READ, Book())

    def of(self, asker: Asker) -> tuple[SavedView, ...]:
        """The views that somebody sees, by name: their own, then those shared with their role. Raises ViewError."""
        seen = [one for one in self._book().views if _sees(asker, one)]
        return tuple(sorted(seen, key=lambda one: (one.owner != asker.name, one.name.casefold(), one.id)))

    def start(self, asker: Asker) -> SavedView | None:
        """The view that opens first for somebody, if they chose one and still see it. Raises ViewError."""
        book = self._book()
        chosen = book.starts.get(asker.name, "")
        return next((one for one in book.views if one.id == chosen and _sees(asker, one)), None)

    def save(self, asker: Asker, name: str, address: str, shared: bool, note: Note) -> SavedView:
        """Keep an address under a name that its owner has not used yet."""
        with self._changing() as book:
            own = [one for one in book.views if one.owner == asker.name]
            if len(own) >= MOST_OF_ONE:
                raise ViewError(f"There are {MOST_OF_ONE} views already: delete one first.")
            if len(book.views) >= MOST:
                raise ViewError("This installation holds no more views.")
            if len(address) > LONGEST_ADDRESS:
                raise ViewError("The state of this page is too long to be saved.")
            role = asker.role if shared else ""
            view = SavedView(self._make_id(), asker.name, _new_name(name, own), address, role)
            if role:
                note("shared a view", f"{view.name}: {address}")
            self._write(msgspec.structs.replace(book, views=(*book.views, view)))
        return view

    def rename(self, asker: Asker, id_: str, name: str, note: Note) -> SavedView:
        """Another name for one's own view."""
        with self._changing() as book:
            before = _own(book, asker, id_)
            others = [one for one in book.views if one.owner == asker.name and one.id != id_]
            view = msgspec.structs.replace(before, name=_new_name(name, others))
            if view.role:
                note("renamed a shared view", f"{before.name}: {view.name}")
            self._write(_with(book, view))
        return view

    def share(self, asker: Asker, id_: str, shared: bool, note: Note) -> SavedView:
        """Share one's own view with one's role, or no longer."""
        with self._changing() as book:
            view = msgspec.structs.replace(_own(book, asker, id_), role=asker.role if shared else "")
            note("shared a view" if shared else "no longer shares a view", f"{view.name}: {view.address}")
            self._write(_with(book, view))
        return view

    def delete(self, asker: Asker, id_: str, note: Note) -> SavedView:
        """Take away one's own view; whoever began with it begins as before."""
        with self._changing() as book:
            view = _own(book, asker, id_)
            if view.role:
                note("deleted a shared view", f"{view.name}: {view.address}")
            self._write(_without(book, {id_}))
        return view

    def begin_with(self, asker: Asker, id_: str) -> SavedView | None:
        """Let a view that somebody sees open first for them; '' for none."""
        with self._changing() as book:
            view = next((one for one in book.views if one.id == id_ and _sees(asker, one)), None)
            if id_ and view is None:
                raise ViewError("There is no such view any more.")
            others = {name: start for name, start in book.starts.items() if name != asker.name}
            self._write(msgspec.structs.replace(book, starts=others | ({asker.name: id_} if id_ else {})))
        return view

    def forget(self, owner: str) -> None:
        """Take away all that belongs to an account: the next one of that name must not find it."""
        if not self._file.exists():
            return
        with self._changing() as book:
            gone = _without(book, {one.id for one in book.views if one.owner == owner})
            starts = {name: start for name, start in gone.starts.items() if name != owner}
            self._write(msgspec.structs.replace(gone, starts=starts))

    def _book(self) -> Book:
        """The file as it is now, read again whenever it has changed."""
        try:
            state = self._file.stat()
        except FileNotFoundError:
            return Book()
        key = state.st_mtime_ns, state.st_size, state.st_ino
        if self._read[0] != key:
            try:
                self._read = key, msgspec.json.decode(self._file.read_bytes(), type=Book)
            except (msgspec.DecodeError, OSError) as error:
                raise ViewError("The saved views can't be read.") from error
        return self._read[1]

    @contextmanager
    def _changing(self) -> Iterator[Book]:
        """The views, which nobody else changes meanwhile."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ViewError("Views can't be saved here: the directory can't be written.") from error
        with os.fdopen(lock, "r+b") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield self._book()

    def _write(self, book: Book) -> None:
        """Replace the file whole: readers see the one before or this one."""
        beside = self._file.with_suffix(".new")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(book), indent=1) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._file)
        except OSError as error:
            raise ViewError("Views can't be saved here: the directory can't be written.") from error


def open_views(settings: Settings) -> SavedViews:
    """The views of an installation, beside its accounts."""
    return SavedViews(settings.access_folder / FILE)


def _sees(asker: Asker, view: SavedView) -> bool:
    return view.owner == asker.name or bool(view.role and view.role == asker.role)


def _own(book: Book, asker: Asker, id_: str) -> SavedView:
    found = next((one for one in book.views if one.id == id_ and one.owner == asker.name), None)
    if found is None:
        raise ViewError("There is no such view of yours any more.")
    return found


def _new_name(text: str, others: list[SavedView]) -> str:
    """A name as it is kept: one line of signs that can be seen, which no other view of its owner has."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ViewError(f"Give the view a name of at most {LONGEST_NAME} signs.")
    if name.casefold() in {one.name.casefold() for one in others}:
        raise ViewError(f"You have a view “{name}” already: rename or delete it first.")
    return name


def _with(book: Book, view: SavedView) -> Book:
    return msgspec.structs.replace(book, views=tuple(view if one.id == view.id else one for one in book.views))


def _without(book: Book, ids: set[str]) -> Book:
    starts = {name: start for name, start in book.starts.items() if start not in ids}
    return Book(tuple(one for one in book.views if one.id not in ids), starts)
