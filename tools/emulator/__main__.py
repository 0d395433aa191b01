"""Starts moto's server with the corrections: `python -m emulator -H 127.0.0.1 -p PORT`."""

from moto.server import main

from emulator.corrections import correct

correct()
main()
