"""`flowglass mapping`: try a message, run the golden cases, see what each system covers, show a merged mapping."""

from typing import Annotated

import typer
import yaml

from metrics.commands.output import print_json, print_line, print_table, say
from metrics.definitions.mistakes import DefinitionsError
from metrics.vocabulary import load_vocabulary
from streams.sources.command_cost import cost
from streams.sources.command_golden import run_cases
from streams.sources.command_options import AsJson, Folder, System, absent, folders_with, load_if_right, load_or_end
from streams.sources.command_try import try_
from streams.sources.coverage import coverage as covered
from streams.sources.load import Library, load_mapping

mapping = typer.Typer(
    help="Source mappings: try, test, check, cover, show.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
mapping.command("try")(try_)
mapping.command("test")(run_cases)
mapping.command("cost")(cost)


@mapping.command()
def check(
    systems: Annotated[list[str] | None, typer.Argument(metavar="[SYSTEM…]", help="Names; all when left out.")] = None,
    mappings: Folder = None,
) -> None:
    """Find every mistake in mappings. Exit codes: 0 all is right, 2 there are mistakes."""
    names = systems or Library(folders_with(mappings)).systems()
    bad = 0
    for name in names:
        try:
            loaded = load_mapping(name, folders_with(mappings))
            rules = sum(len(kind.rules) for kind in loaded.mapping.kinds)
            print_line(f"{name}: {len(loaded.mapping.kinds)} kinds of message, {rules} rules")
        except DefinitionsError as error:
            bad += len(error.mistakes)
            for mistake in error.mistakes:
                print_line(str(mistake))
        except KeyError as error:
            bad += 1
            print_line(absent(name, error))
    if bad:
        say(f"{bad} mistake{'' if bad == 1 else 's'}")
        raise typer.Exit(2)


@mapping.command()
def coverage(
    systems: Annotated[list[str] | None, typer.Argument(metavar="[SYSTEM…]", help="Names; all when left out.")] = None,
    mappings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Which canonical types each system can feed.

    N of its own, E after a question, S by comparing snapshots; d documented, s seen, i inferred.
    Exit codes: 0 all mappings were read, 2 some have mistakes and are left out.
    """
    names = systems or Library(folders_with(mappings)).systems()
    loaded = [one for name in names if (one := load_if_right(name, mappings)) is not None]
    cells = covered(loaded)
    if as_json:
        print_json(cells)
    else:
        _print_coverage(cells, whole=not systems)
    if len(loaded) < len(names):
        raise typer.Exit(2)


def _print_coverage(cells: dict[str, dict[str, str]], whole: bool) -> None:
    known = load_vocabulary().events
    rows = [
        (name, ", ".join(f"{system} {how}" for system, how in cells[name].items())) for name in known if name in cells
    ]
    print_table(("type", "fed by"), rows)
    missing = [name for name in known if name not in cells]
    print_line()
    print_line("N of its own, E after a question, S by comparing snapshots; d documented, s seen, i inferred")
    if whole:
        print_line(f"fed by none ({len(missing)}): {', '.join(missing)}")


@mapping.command()
def show(system: System, mappings: Folder = None) -> None:
    """Print a mapping with its bases merged in, as it is used."""
    print(
        yaml.safe_dump(load_or_end(system, mappings).written.data, sort_keys=False, allow_unicode=True, width=118),
        end="",
    )
