"""`python -m sightpact.live.edge`: one edge process, until SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import ssl
import sys
from pathlib import Path

import uvloop

from sightpact.live.edge import sockets
from sightpact.live.edge.edge import Edge
from sightpact.live.edge.viewer import Viewer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="sightpact-edge", description="Carries pictures from cameras to viewers."
    )
    parser.add_argument("--gate-socket", required=True, help="the gate's Unix socket")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--port", type=int, default=8001, help="0 takes a free one; the first line printed says which"
    )
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument(
        "--queue-kb", type=int, default=256, help="kB of pictures that may wait for one viewer"
    )
    parser.add_argument(
        "--behind-proxy", action="store_true", help="a proxy on this machine says who the client is"
    )
    return parser.parse_args()


def _tls(arguments: argparse.Namespace) -> ssl.SSLContext | None:
    if arguments.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(arguments.tls_cert, arguments.tls_key)
    return context


async def serve(arguments: argparse.Namespace) -> None:
    """Listen, connect to the gate, run until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    edge = Edge(
        arguments.gate_socket, tls=_tls(arguments), queue_bytes=arguments.queue_kb * 1024,
        behind_proxy=arguments.behind_proxy,
    )  # fmt: skip
    sock = sockets.listener(arguments.host, arguments.port)
    server = await loop.create_server(lambda: Viewer(edge), sock=sock)
    print(f"edge listening on {arguments.host}:{sock.getsockname()[1]}", flush=True)
    running = asyncio.ensure_future(edge.run())
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
    server.close()


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    uvloop.run(serve(_arguments()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
