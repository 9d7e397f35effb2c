"""The files of a deployment: what they say is so, as far as this machine can tell."""
