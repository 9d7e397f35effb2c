#!/bin/sh
# A browser that is killed a second after its start, whatever it is doing.
exec timeout --signal=KILL 1 "$(command -v chromium-headless-shell || command -v chromium)" "$@"
