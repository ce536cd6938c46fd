"""What the commands of `flowglass mapping` share: their options, and a mapping or what is wrong with it."""

from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.output import say
from metrics.definitions.mistakes import DefinitionsError
from streams.sources.load import SHIPPED, Loaded, load_mapping

System = Annotated[str, typer.Argument(metavar="SYSTEM", help="The name of a mapping, or its file.")]
Folder = Annotated[list[Path] | None, typer.Option("--mappings", help="A directory of more mappings.", exists=True)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
CASES = Path("tests/golden/sources")


def folders_with(given: list[Path] | None) -> tuple[Path, ...]:
    return (*(given or ()), SHIPPED)


def load_or_end(system: str, folders: list[Path] | None) -> Loaded:
    """A mapping, or the end of the command with all that is wrong with it."""
    loaded = load_if_right(system, folders)
    if loaded is None:
        raise typer.Exit(2)
    return loaded


def load_if_right(system: str, folders: list[Path] | None) -> Loaded | None:
    """A mapping, or None after all that is wrong with it was said."""
    try:
        return load_mapping(system, folders_with(folders))
    except DefinitionsError as error:
        for mistake in error.mistakes:
            say(str(mistake))
        number = len(error.mistakes)
        say(f"{number} mistake{'' if number == 1 else 's'} in the mapping {system}")
    except KeyError as error:
        say(absent(system, error))
    return None


def absent(system: str, error: KeyError) -> str:
    """The sentence for a mapping that is not there: a file that somebody named, or a name."""
    return f"there is no file {system}" if system.endswith((".yaml", ".yml")) else str(error.args[0])
