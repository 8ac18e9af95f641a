"""The producers' desk at /portal/: plain words, one question a screen, big buttons, no JavaScript."""
