#!/bin/sh
# A browser that is killed 0.3 seconds after its start: it shows no page by then.
exec timeout --signal=KILL 0.3 "$(command -v chromium-headless-shell || command -v chromium)" "$@"
