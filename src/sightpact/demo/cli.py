"""`sightpact demo`: a made-up district with simulated cameras, on the product's own path, in the browser."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import click

from sightpact.demo import district, setup


@click.command()
@click.option(
    "--cameras", "count", default=24, show_default=True, type=click.IntRange(1, 279), help="How many cameras."
)
@click.option(
    "--data", default="demo-data", show_default=True, type=click.Path(path_type=Path), help="Its data folder."
)
@click.option(
    "--port", default=8000, show_default=True, help="Port of the pages; the next one is the pictures'."
)
@click.option(
    "--keep",
    is_flag=True,
    help="Go on with the data of the last time (also when the number of cameras differs).",
)
def app(count: int, data: Path, port: int, keep: bool) -> None:
    """Bring up Lakeview Unified School District: made-up people, simulated cameras, the real gateway."""
    data = data.absolute()
    if data.exists() and not keep:
        if not (data / "lakeview.toml").exists():
            raise click.ClickException(f"{data} is not a demonstration's folder. Name another with --data.")
        shutil.rmtree(data)
    ports = setup.Ports(port, port + 1, port + 554, port + 555)
    click.echo(f"Laying out Lakeview with {count} cameras in {data}")
    laid_out = setup.lay_out(data, count, ports, drills=len(district.DRILL), whole=True)
    environment = {**os.environ, "SIGHTPACT_DATA": str(data)}
    command = [sys.executable, "-m", "sightpact"]
    click.echo("Starting the simulated cameras (they draw and encode their pictures the first time)")
    cameras = subprocess.Popen(
        [
            *(*command, "camera-sim", "--config", str(laid_out.cameras_file)),
            *("--port", str(ports.cameras), "--control-port", str(ports.control)),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        subprocess.run([*command, "init"], env=environment, check=True)
        subprocess.run([*command, "import", str(laid_out.import_file)], env=environment, check=True)
        gateway = subprocess.Popen([*command, "serve"], env=environment, stdout=subprocess.PIPE, text=True)
        _wait_ready(gateway, cameras)
        click.echo(f"Sightpact ready on http://localhost:{port}", nl=True)
        click.echo("End with Ctrl-C.")
        if os.environ.get("DISPLAY") or sys.platform == "darwin":
            webbrowser.open(f"http://localhost:{port}/who/")
        _wait_end(gateway, cameras)
    except subprocess.CalledProcessError as fault:
        raise click.ClickException(f"{' '.join(fault.cmd[-2:])} failed; see the lines above.") from fault
    finally:
        for process in (cameras,):
            process.terminate()


def _wait_ready(gateway: subprocess.Popen[str], cameras: subprocess.Popen[str]) -> None:
    """Both say so in one line each."""
    assert gateway.stdout is not None and cameras.stdout is not None
    for name, process in (("the cameras", cameras), ("the gateway", gateway)):
        assert process.stdout is not None
        for line in process.stdout:
            if "ready" in line.lower():
                break
        else:
            raise click.ClickException(f"{name} ended before being ready; see the lines above.")


def _wait_end(gateway: subprocess.Popen[str], cameras: subprocess.Popen[str]) -> None:
    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while gateway.poll() is None and cameras.poll() is None:
            time.sleep(0.5)
        click.echo("A part of the demonstration ended by itself; ending the rest.", err=True)
    except KeyboardInterrupt:
        click.echo("\nEnding.")
    gateway.terminate()
    gateway.wait(15)
