"""Waits, so that commands can be run in the pod."""

import time

time.sleep(3600)
