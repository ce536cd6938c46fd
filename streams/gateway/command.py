"""`flowglass gateway`."""

import asyncio
import gc
import ipaddress
import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.output import say
from metrics.definitions.mistakes import DefinitionsError
from metrics.running import find_stack
from metrics.settings import SettingError, Settings
from streams.gateway.own_token import TOKEN_FILE, local_sender
from streams.gateway.program import run_gateway
from streams.gateway.sender_file import read_senders
from streams.gateway.senders import Sender
from streams.sources.load import SHIPPED, Library
from streams.transport.program import new_loop, quieten

LOOPBACK = "127.0.0.1"


def gateway(
    port: Annotated[int | None, typer.Option("--port", help="Port; 0 takes a free one.", min=0, max=65535)] = None,
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = LOOPBACK,
    senders: Annotated[
        Path | None, typer.Option("--senders", help="File of senders, instead of FLOWGLASS_GATEWAY.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="PEM file of a certificate with its chain: speak HTTPS.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="PEM file of its key, unless the two are one file.")] = None,
) -> None:
    """Take events, webhooks and traces over HTTP, and answer once the broker has them, until told to stop.

    Without a file of senders only this machine may send, with the token in the data directory.
    """
    try:
        settings = find_stack(broker=True)
        systems = known_systems(settings)
        declared = _senders(settings, senders or settings.gateway, systems, host)
        tls = _tls(certificate, key)
    except (SettingError, DefinitionsError, OSError) as error:
        say(str(error))
        raise typer.Exit(2) from None
    quieten()
    calm()
    wanted = settings.gateway_port if port is None else port
    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(run_gateway(settings, declared, systems, host=host, port=wanted, tls=tls))
    except OSError as error:
        say(f"port {wanted} of {host} can't be used ({error.strerror}); choose another with --port")
        raise typer.Exit(1) from None


def calm() -> None:
    """Let the collector look seldom, and never at what was imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def known_systems(settings: Settings) -> list[str]:
    """The systems that there are mappings for."""
    folders = (settings.mappings, SHIPPED) if settings.mappings else (SHIPPED,)
    return Library(folders).systems()


def _senders(settings: Settings, path: Path | None, systems: Sequence[str], host: str) -> Sequence[Sender]:
    if path is not None:
        return read_senders(path, systems, os.environ)
    if not is_loopback(host):
        raise SettingError(
            f"without a file of senders the gateway listens on this machine only, not at {host}. "
            "Declare who may send in a file, and name it with FLOWGLASS_GATEWAY (see docs/http-intake.md)."
        )
    say(f"no file of senders: send with the token in {settings.data_dir / TOKEN_FILE}")
    return [local_sender(settings.data_dir)]


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingError(f"{certificate} and its key can't be used: {error}") from error
    return context


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
