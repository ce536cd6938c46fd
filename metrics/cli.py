"""`flowglass`: gathers the commands that each package registers as entry points of the group `flowglass.commands`.

An entry point's name is the command's name; its value is a function or a `typer.Typer`. A command is loaded only when
it is run or when its own help is asked for, so one broken package never takes the others down.
Exit codes: 0 done, 1 failed (the message says why), 2 wrong usage, 75 the broker is away, 130 interrupted.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

GROUP = "flowglass.commands"
FAILED, USAGE, INTERRUPTED = 1, 2, 130
AWAY = 75
"""What the program needs is away for now (EX_TEMPFAIL of sysexits.h): started again later, it may go well."""
RUNNING = frozenset({"up", "worker", "simulate", "dashboards", "gateway", "folder"})
"""Programs that run until told to stop: a full disk costs them log lines, not their life."""

# One line a command for `flowglass --help`, so that the list costs no import. A command not named here is still listed.
ABOUT: Mapping[str, str] = {
    "up": "Run the whole embedded stack in the foreground.",
    "analyse": "Analyse log files once and print the report.",
    "worker": "Run a stream worker.",
    "dashboards": "Serve the dashboards.",
    "simulate": "Play the simulated hospital group into the broker.",
    "validate": "Check process definitions and explain every mistake.",
    "migrate": "Create or update the store's schema.",
    "topics": "Show or declare the broker's topics.",
    "repartition": "Give events more partitions.",
    "settings": "Show every setting with its variable and default.",
    "case": "Show one case; close one by hand that will never end.",
    "sla": "Show how the SLAs stand.",
    "explain": "Tell what a figure of the pages means and where it comes from.",
    "mapping": "Try, test, check, cover and show source mappings.",
    "send": "Send a system's own messages from files.",
    "gateway": "Take messages in over HTTP.",
    "folder": "Watch a folder of nightly files.",
    "files": "List the files that came in, with their totals.",
    "contracts": "Check, build and show the contracts of canonical events.",
    "dlq": "List, show and replay dead letters.",
    "source": "List, pause and resume sources.",
    "privacy": "Make and rotate keys, show tokens, check what may pass.",
    "alerts": "Tell alerts; list, acknowledge, assign, silence them; why they went out or did not.",
    "export": "Write OCEL 2.0 or XES.",
    "access": "Say who may sign on to the dashboards; check who looked at what.",
    "grafana": "Write Grafana's dashboards, data sources and alert rules.",
    "backup": "Copy the store while everything runs.",
    "restore": "Put a backup into an empty store.",
    "rewind": "Set workers back to what the store holds.",
    "purge": "Remove simulated data.",
    "doctor": "Check the installation.",
}


def main(arguments: list[str] | None = None, commands: Iterable[EntryPoint] | None = None) -> int:
    """Run the command line; returns the exit code instead of leaving the process."""
    given = sys.argv[1:] if arguments is None else arguments
    found = {entry.name: entry for entry in (entry_points(group=GROUP) if commands is None else commands)}
    if not given or given[0] in ("-h", "--help"):
        print(_overview(found))
        return 0 if given else USAGE
    if given[0] == "--version":
        from importlib.metadata import version

        print(f"flowglass {version('flowglass')}")
        return 0
    entry = found.get(given[0])
    if entry is None:
        return _complain(_unknown(given[0], found), USAGE)
    if arguments is None and (given[0] in RUNNING or given[:2] == ["alerts", "run"]):
        from metrics.steady_log import keep_writing

        keep_writing()
    try:
        target = entry.load()
    except Exception as error:  # whatever a package's import raises: the others still work
        return _complain(f"the command '{entry.name}' can't be loaded from {entry.value}: {error!r}", FAILED)
    return run(entry.name, target, given[1:])


def run(name: str, target: Any, arguments: list[str]) -> int:
    """Run one loaded command (a function or a typer.Typer) and turn every end into an exit code."""
    import typer

    from metrics.logs import configure_logs
    from metrics.settings import SettingError, log_form
    from metrics.store.errors import StoreError

    configure_logs(log_form())
    command = typer.main.get_command(target if isinstance(target, typer.Typer) else _app(name, target))
    try:
        code = command.main(args=arguments, prog_name=f"flowglass {name}", standalone_mode=True)
        return code if isinstance(code, int) else 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else (FAILED if end.code else 0)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (StoreError, SettingError) as error:
        return _complain(str(error), FAILED)


def _app(name: str, function: Callable[..., Any]) -> Any:
    import typer

    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(name)(function)
    return app


def _overview(found: Mapping[str, EntryPoint]) -> str:
    known = [name for name in ABOUT if name in found] + sorted(set(found) - set(ABOUT))
    width = max((len(name) for name in known), default=0)
    lines = [
        "Usage: flowglass COMMAND [OPTIONS]",
        "",
        "Observability for business processes across systems.",
        "",
        "Commands:",
    ]
    lines += [f"  {name:<{width}}  {ABOUT.get(name, found[name].value)}" for name in known]
    return "\n".join([*lines, "", "`flowglass COMMAND --help` shows a command's options."])


def _unknown(name: str, found: Mapping[str, EntryPoint]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, found, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`flowglass --help` lists them."
    return f"there is no command '{name}'; {hint}"


def _complain(message: str, code: int) -> int:
    from metrics.settings import log_form

    if log_form() == "json":
        import structlog

        structlog.get_logger("flowglass").error(message)
        return code
    print(f"flowglass: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
