"""`flowglass privacy`: keys, tokens and rules."""

from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.output import print_json, print_line, print_table, say
from metrics.definitions.mistakes import DefinitionsError
from metrics.privacy.keyring import KINDS, ensure_keyring, keys_file, read_keyring
from metrics.privacy.keyring import retire as retire_key
from metrics.privacy.keyring import rotate as rotate_key
from metrics.privacy.policy import load_policy
from metrics.privacy.tokens import Tokens
from metrics.settings import read_settings

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
