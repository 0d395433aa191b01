"""Starts moto's server with the corrections: `python -m emulator -H 127.0.0.1 -p PORT`."""

from moto.server import main

from emulator import background
from emulator.corrections import correct

correct()
background.begin()
main()
