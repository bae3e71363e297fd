"""`python -m sandbox serve`: both stand-ins on loopback until stopped."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from sandbox.seed.tenants import entry_count
from sandbox.serve import NETSUITE, NETSUITE_SINGLE, SERVICETITAN, Plan, ServeError, serve


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def _size(text: str) -> str:
    try:
        entry_count(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state-dir", type=Path, default=Path(".run/sandbox"))
    common.add_argument("--seed", type=int, default=1, help="data of a fresh state (default 1)")
    common.add_argument("--size", type=_size, default="small", help="small, month, or a number")
    every = commands.add_parser("serve", parents=[common], help="serve all stand-ins")
    every.add_argument("--servicetitan-port", type=_port, default=8181)
    every.add_argument("--netsuite-port", type=_port, default=8282)
    every.add_argument("--netsuite-single-port", type=_port, default=8283)
    every.add_argument("--info-file", type=Path, default=Path(".run/sandbox.json"))
    one = commands.add_parser("one", parents=[common], help="serve one, in this process")
    one.add_argument("name", choices=(SERVICETITAN, NETSUITE, NETSUITE_SINGLE))
    one.add_argument("--port", type=_port, required=True)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0, or 2 after one sentence on what is wrong."""
    asked = _parser().parse_args(arguments)
    os.umask(0o077)  # keys and states are their owner's alone
    try:
        if asked.command == "one":
            from sandbox.one import serve_one

            serve_one(asked.name, asked.port, asked.state_dir, asked.seed, asked.size)
            return 0
        plans = (
            Plan(SERVICETITAN, asked.servicetitan_port),
            Plan(NETSUITE, asked.netsuite_port),
            Plan(NETSUITE_SINGLE, asked.netsuite_single_port),
        )
        return serve(plans, asked.state_dir, asked.info_file, asked.seed, asked.size)
    except (ServeError, OSError, ValueError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
