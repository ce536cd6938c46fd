"""`flowglass privacy`: keys, tokens and rules."""

from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import for_machines, print_json, print_line, print_table, say
from metrics.definitions.mistakes import DefinitionsError
from metrics.privacy.keyring import KINDS, ensure_keyring, keys_file, read_keyring
from metrics.privacy.keyring import retire as retire_key
from metrics.privacy.keyring import rotate as rotate_key
from metrics.privacy.policy import load_policy
from metrics.privacy.tokens import Tokens
from metrics.privacy.unknown_words import as_vocabulary, recognised, unknown_words
from metrics.settings import read_settings
from metrics.words import DAY

privacy = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
                      help="Keys, tokens and rules of privacy.")  # fmt: skip

Keys = Annotated[Path | None, typer.Option("--keys", help="The keyring; default: FLOWGLASS_PRIVACY_KEYS.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@privacy.command()
def init(keys: Keys = None) -> None:
    """Make a keyring with random keys, for the owner's eyes only; one that is there stays."""
    path = _path(keys)
    made = ensure_keyring(path)
    say(f"made {path}; keep a copy in a safe place" if made else f"{path} is there already, and stays as it is")


@privacy.command()
def rotate(kind: Annotated[str, typer.Argument(help=f"Which keys: {' or '.join(KINDS)}.")], keys: Keys = None) -> None:
    """Add a key that is used from now on; the keys before it stay until they are retired.

    Restart the intake (workers, gateway, folder) afterwards.
    """
    if kind not in KINDS:
        raise typer.BadParameter(f"{kind!r} is neither {' nor '.join(KINDS)}")
    say(f"{rotate_key(_path(keys), kind)} is used from the next start of the intake on")


@privacy.command()
def retire(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Its id, for example k1.")],
    keys: Keys = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget an old key for good: what was known under its tokens alone no longer meets what comes."""
    if not yes and not typer.confirm(f"Forget {key} for good?"):
        raise typer.Exit(1)
    retire_key(_path(keys), key)
    say(f"{key} is forgotten")


@privacy.command()
def token(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A worker's number, as the mappings give it.")],
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Show under which token a person's number is stored; earlier tokens after a rotation come behind it."""
    tokens = Tokens(read_keyring(_path(keys)))
    found = [tokens.id(number), *tokens.earlier(number)]
    print_json({"tokens": found}) if as_json else print_line("\n".join(found))


@privacy.command()
def words(
    known: Annotated[
        Path | None, typer.Option("--try", help="A file with a word a line: which of them came in?")
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, help="How far to look back.")] = 30,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 50,
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """List the words that no vocabulary has: they stand as tokens in the store.

    With `--try` the words of a list of one's own (departments, cost centres) are recognised among them, and printed as
    `vocabularies` for a file of rules.

    Exit codes: 0 done (also when there are none).
    """
    tokens, policy = Tokens(read_keyring(_path(keys))), load_policy(read_settings().privacy_rules)
    tried = known.read_text(encoding="utf-8-sig").splitlines() if known else []
    with open_store() as (_, reader):
        unknown = unknown_words(reader, policy, since=wall_clock() - days * DAY, limit=limit)
    found = recognised(unknown, tried, tokens)
    if as_json:
        print_json([{**for_machines(one.unknown), "word": one.word} for one in found])
        return
    rows = [(one.unknown.field, one.word or one.unknown.token, str(one.unknown.events), ", ".join(one.unknown.sources))
            for one in found]  # fmt: skip
    print_table(("attribute or object", "word", "events", "from"), rows) if rows else print_line("no unknown words")
    if rows and unknown[0].total > len(rows):
        print_line(f"{len(rows)} of {unknown[0].total} shown; --limit shows more")
    if text := as_vocabulary(found):
        print_line(text)


@privacy.command()
def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Rules; default: those in force.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check rules of privacy and show what passes.

    Exit codes: 0 all is right, 1 there are mistakes.
    """
    try:
        policy = load_policy(file or read_settings().privacy_rules)
    except DefinitionsError as error:
        say(str(error))
        raise typer.Exit(1) from None
    if as_json:
        events = {name: dict(said) for name, said in policy.events.items()}
        everywhere = {"objects": dict(policy.objects), "attributes": dict(policy.everywhere)}
        print_json({**everywhere, "events": events, "spans": dict(policy.spans)})
        return
    print_table(("object", "its number passes as"), sorted(policy.objects.items()))
    print_table(("attribute", "passes as"), sorted(policy.everywhere.items()), title="in every event")
    for name, said in sorted(policy.events.items()):
        own = sorted((one, how) for one, how in said.items() if policy.everywhere.get(one) != how)
        print_table(("attribute", "passes as"), own, title=name)


def _path(keys: Path | None) -> Path:
    return keys or keys_file(read_settings())
